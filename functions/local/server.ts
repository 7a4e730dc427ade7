// The local front door: carries requests to the world's functions, and answers the local system's own paths.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, json, text } from './answers.ts';
import { faultReport, setFaults } from './chaos-requests.ts';
import { tellTime, turnClock } from './clock-request.ts';
import { answerCommand } from './command-request.ts';
import { inboxReport } from './inbox.ts';
import { type LocalSystem, welcome } from './system.ts';

/** API Gateway takes bodies of up to 10 MB. */
const largestBody = 10 * 1024 * 1024;

/**
 * Milliseconds. Longer than a pause of a busy laptop: Node's five seconds close a connection that a client has just written
 * to, and the client sees a reset.
 */
const idleConnection = 60_000;

export interface Listening {
  /** The base URL. */
  url: string;
  system: LocalSystem;
  /** Ends the server and the system. */
  close: () => Promise<void>;
}

/** Listens on the loopback address with the system that `start` makes for its URL. Port 0 takes a free one. */
export async function listen(port: number, start: (publicUrl: string) => Promise<LocalSystem>): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: idleConnection });
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
  response.writeHead(answer.status, answer.headers).end(answer.bytes ?? answer.body);
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
  const call = () => system.world.request({ method, path: target, headers: headersOf(request), body });
  return method === 'GET' ? call() : system.world.room(body.length, call);
}

interface OwnRequest {
  body: string;
  type: string;
}

const greeting = (system: LocalSystem) => text(200, `Millrace, running locally.\n\n${welcome(system.publicUrl)}\n`);

const ownPaths: Readonly<Record<string, (system: LocalSystem, request: OwnRequest) => Promise<Answer> | Answer>> = {
  'GET /': greeting,
  'GET /x/local': greeting,
  'GET /x/local/inbox': async ({ inbox }) => json(200, await inboxReport(inbox)),
  'GET /x/local/clock': (system) => tellTime(clockOf(system)),
  'POST /x/local/clock': (system, { body }) => turnClock(clockOf(system), body),
  'POST /x/local/command': ({ deployment }, request) => answerCommand(deployment, request),
  'GET /x/local/faults': ({ chaos }) => json(200, faultReport(chaos)),
  'POST /x/local/faults': async ({ chaos, world }, { body, type }) => {
    if (type !== 'application/json') return text(415, 'Send application/json.');
    const { status, value } = await setFaults(chaos, world, body);
    return json(status, value);
  },
};

const clockOf = ({ world }: LocalSystem) => ({
  now: () => world.ports.clock.now(),
  advance: (ms: number) => world.advance(ms),
});

/** Where browsers get a page and programs something to read. */
const alsoPages: ReadonlySet<string> = new Set(['/', '/x/local', '/x/local/inbox']);

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
