import type { Instant } from '../../kernel/time.ts';
import { type Clock, type Http, type HttpCall, type HttpReply, HttpRefused } from '../../ports.ts';

/** A call that was made. */
export interface Called extends HttpCall {
  at: Instant;
}

export interface MemoryHttp extends Http {
  /** Every call, newest last. */
  readonly calls: readonly Called[];
  /** From now on `url` answers so; what throws, or undefined, is a server that nobody reaches. */
  answer(url: string, reply: (call: HttpCall) => HttpReply | undefined): void;
}

const fine: HttpReply = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') };

/** Keeps the latest `keep` calls instead of making them, and answers 200 with `{}` where nothing else was said. */
export function createHttp(options: { clock: Clock; keep?: number }): MemoryHttp {
  const { clock, keep = 10_000 } = options;
  const calls: Called[] = [];
  const replies = new Map<string, (call: HttpCall) => HttpReply | undefined>();
  const request = async (call: HttpCall) => {
    calls.push({ ...call, at: clock.now() });
    if (calls.length > 2 * keep) calls.splice(0, calls.length - keep);
    const reply = replies.get(call.url);
    const answer = reply ? reply(call) : fine;
    if (answer === undefined) throw new Error('Nobody answers there.');
    return answer;
  };
  return {
    calls,
    request,
    async download(call) {
      const { body, ...rest } = await request(call);
      return { ...rest, body: pieces(body, call.largest) };
    },
    answer(url, reply) {
      replies.set(url, reply);
    },
  };
}

const piece = 64 * 1024;

/** A body as a network brings it. */
async function* pieces(body: Uint8Array, largest: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < body.length; from += piece) {
    const part = body.subarray(from, from + piece);
    if (from + part.length > largest) throw new HttpRefused(`The answer is longer than ${largest} bytes.`);
    yield part;
  }
}
