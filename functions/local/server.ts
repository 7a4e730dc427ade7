// The local front door: carries requests to the world's functions, and answers the local system's own paths.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { iso } from '../../shared/kernel/time.ts';
import { faultReport, setFaults } from './chaos-requests.ts';
import { spanHint, spanOf } from './span.ts';
import { type LocalSystem, welcome } from './system.ts';
import { UsageError, runCommand } from '../cli/commands.ts';
import { ApiError } from '../../shared/kernel/errors.ts';

interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** API Gateway takes bodies of up to 10 MB. */
const largestBody = 10 * 1024 * 1024;

export interface Listening {
  /** The base URL. */
  url: string;
  system: LocalSystem;
  /** Ends the server and the system. */
  close: () => Promise<void>;
}

/** Listens on the loopback address with the system that `start` makes for its URL. Port 0 takes a free one. */
export async function listen(port: number, start: (publicUrl: string) => Promise<LocalSystem>): Promise<Listening> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const system = await start(url);
  const underWay = new Set<Promise<void>>();
  server.on('request', (request, response) => {
    const served = serve(system, request, response).finally(() => underWay.delete(served));
    underWay.add(served);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise<void>((done) => {
      server.close(() => {
        done();
      });
    });
    // What a request has begun to write is kept whole.
    await Promise.all(underWay);
    await system.stop();
  };
  return { url, system, close };
}

async function serve(system: LocalSystem, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(system, request).catch((error: unknown): Answer =>
    json(500, { error: String(error), hint: 'The local system failed; see its log.' }),
  );
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function answerTo(system: LocalSystem, request: IncomingMessage): Promise<Answer> {
  const target = request.url ?? '/';
  const path = target.split('?')[0] ?? '/';
  const body = await bodyOf(request);
  if (body === undefined) return json(413, { message: 'Request Entity Too Large' });
  const method = request.method ?? 'GET';
  const own = ownPaths[`${method} ${path}`];
  if (own && !(alsoPages.has(path) && wantsPage(request))) {
    return own(system, { body: body.toString('utf8'), type: request.headers['content-type'] ?? '' });
  }
  if (path === '/' || path === '/x/local' || path.startsWith('/x/local/')) {
    // Loaded with the first look at one: whoever only calls the API starts faster.
    const { answer } = await import('./pages/index.ts');
    const { origin, host } = request.headers;
    const query = target.slice(path.length);
    return answer(system, { method, path, query, body: body.toString('utf8'), origin, host });
  }
  return system.world.request({
    method,
    path: target,
    headers: headersOf(request),
    body,
  });
}

interface OwnRequest {
  body: string;
  type: string;
}

const greeting = (system: LocalSystem) => text(200, `Millrace, running locally.\n\n${welcome(system.publicUrl)}\n`);

const ownPaths: Readonly<Record<string, (system: LocalSystem, request: OwnRequest) => Promise<Answer> | Answer>> = {
  'GET /': greeting,
  'GET /x/local': greeting,
  'GET /x/local/inbox': async ({ inbox }) => json(200, { data: await inbox.emails(), held: inbox.held() }),
  'GET /x/local/clock': (system) => json(200, { now: iso(system.world.ports.clock.now()) }),
  'POST /x/local/clock': moveClock,
  'POST /x/local/command': command,
  'GET /x/local/faults': ({ chaos }) => json(200, faultReport(chaos)),
  'POST /x/local/faults': async ({ chaos, world }, { body, type }) => {
    if (type !== 'application/json') return text(415, 'Send application/json.');
    const { status, value } = await setFaults(chaos, world, body);
    return json(status, value);
  },
};

/** Where browsers get a page and programs something to read. */
const alsoPages: ReadonlySet<string> = new Set(['/', '/x/local', '/x/local/inbox']);

/** `["keys", "list", …]`: runs one of the owner's commands; `npx millrace` sends them here. */
async function command(system: LocalSystem, { body, type }: OwnRequest): Promise<Answer> {
  // Pages of other origins cannot send this type unasked.
  if (type !== 'application/json') return text(415, 'Send application/json.');
  try {
    const args: unknown = JSON.parse(body);
    if (!Array.isArray(args) || !args.every((one) => typeof one === 'string'))
      throw new UsageError('Send an array of texts.');
    return text(200, await runCommand(system.deployment, args));
  } catch (error) {
    if (error instanceof UsageError || error instanceof ApiError) return text(400, error.message);
    throw error;
  }
}

/** `{"advance": "30d"}`: everything that falls due on the way happens, in order, before the answer. */
async function moveClock(system: LocalSystem, { body }: OwnRequest): Promise<Answer> {
  const step = spanOf(advanceIn(body));
  if (step === undefined) return json(400, { error: `Send {"advance": "90m"}. ${spanHint}` });
  await system.world.advance(step);
  return json(200, { now: iso(system.world.ports.clock.now()) });
}

function advanceIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { advance?: unknown }).advance;
  } catch {
    return undefined;
  }
}

const wantsPage = (request: IncomingMessage) => request.headers.accept?.includes('text/html') ?? false;

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headersDistinct)) if (value) headers[name] = value.join(',');
  return headers;
}

/** The whole body; undefined when it is larger than API Gateway takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  }
  return size > largestBody ? undefined : Buffer.concat(chunks);
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const text = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
