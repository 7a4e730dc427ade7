// The front door of the rehearsal: CloudFront's and API Gateway's place, and the inbox and the clock.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import { iso } from '../../shared/kernel/time.ts';
import { spanHint, spanOf } from '../local/span.ts';
import { type Rehearsal, type RehearsalOptions, startRehearsal } from './rehearsal.ts';

export interface Front {
  /** The base URL. */
  url: string;
  rehearsal: Rehearsal;
  close: () => Promise<void>;
}

/** Listens on the loopback address with a rehearsal behind it. Port 0 takes a free one. */
export async function openFront(port: number, options: Omit<RehearsalOptions, 'publicUrl'> = {}): Promise<Front> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rehearsal = await startRehearsal({ ...options, publicUrl: url }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  server.on('request', (request, response) => void serve(rehearsal, request, response));
  return {
    url,
    rehearsal,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rehearsal.stop();
    },
  };
}

async function serve(rehearsal: Rehearsal, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(rehearsal, request).catch((error: unknown) => json(500, { error: String(error) }));
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function answerTo(rehearsal: Rehearsal, request: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { method = 'GET', url: path = '/' } = request;
  const own = ownPaths[`${method} ${path.split('?')[0] ?? ''}`];
  if (own) return own(rehearsal, body.toString('utf8'));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headersDistinct)) if (value) headers[name] = value.join(',');
  return rehearsal.request({ method, path, headers, body });
}

const ownPaths: Readonly<Record<string, (rehearsal: Rehearsal, body: string) => Promise<HttpResponse> | HttpResponse>> =
  {
    'GET /x/local/inbox': async ({ inbox }) => json(200, { data: await inbox.emails(), held: inbox.held() }),
    'GET /x/local/clock': ({ now }) => json(200, { now: iso(now()) }),
    'GET /x/local/dead-letters': ({ deadLetters }) => json(200, { data: deadLetters() }),
    'POST /x/local/clock': moveClock,
  };

async function moveClock(rehearsal: Rehearsal, body: string): Promise<HttpResponse> {
  const span = spanOf(advanceIn(body));
  if (span === undefined) return json(400, { error: `Send {"advance": "90m"}. ${spanHint}` });
  await rehearsal.advance(span);
  return json(200, { now: iso(rehearsal.now()) });
}

function advanceIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { advance?: unknown }).advance;
  } catch {
    return undefined;
  }
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
