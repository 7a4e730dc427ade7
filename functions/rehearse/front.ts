// The front door of the rehearsal: CloudFront's and API Gateway's place, and the inbox and the clock.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import type { GatewayRequest } from '../local/events.ts';
import { type Answer, json } from '../local/answers.ts';
import { tellTime, turnClock } from '../local/clock-request.ts';
import { answerCommand } from '../local/command-request.ts';
import { inboxReport } from '../local/inbox.ts';
import { type Rehearsal, type RehearsalOptions, startRehearsal } from './rehearsal.ts';

export interface Front {
  /** The base URL. */
  url: string;
  rehearsal: Rehearsal;
  close: () => Promise<void>;
}

export type FrontOptions = Omit<RehearsalOptions, 'publicUrl'> & {
  /** Hears of every request to the API and its answer. */
  onAnswer?: (request: GatewayRequest, answer: HttpResponse) => void;
};

/** Listens on the loopback address with a rehearsal behind it. Port 0 takes a free one. */
export async function openFront(port: number, options: FrontOptions = {}): Promise<Front> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { onAnswer, ...rest } = options;
  const rehearsal = await startRehearsal({ ...rest, publicUrl: url }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  server.on('request', (request, response) => void serve(heard(rehearsal, onAnswer), request, response));
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

/** The same, with a witness of its answers. */
function heard(rehearsal: Rehearsal, onAnswer: FrontOptions['onAnswer']): Rehearsal {
  if (!onAnswer) return rehearsal;
  return {
    ...rehearsal,
    async request(request) {
      const answer = await rehearsal.request(request);
      onAnswer(request, answer);
      return answer;
    },
  };
}

async function serve(rehearsal: Rehearsal, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await answerTo(rehearsal, request).catch((error: unknown) => json(500, { error: String(error) }));
  response.writeHead(answer.status, answer.headers).end(answer.bytes ?? answer.body);
}

async function answerTo(rehearsal: Rehearsal, request: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { method = 'GET', url: path = '/' } = request;
  const own = ownPaths[`${method} ${path.split('?')[0] ?? ''}`];
  if (own) return own(rehearsal, { body: body.toString('utf8'), type: request.headers['content-type'] ?? '' });
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headersDistinct)) if (value) headers[name] = value.join(',');
  return rehearsal.request({ method, path, headers, body });
}

interface OwnRequest {
  body: string;
  type: string;
}

const ownPaths: Readonly<Record<string, (rehearsal: Rehearsal, request: OwnRequest) => Promise<Answer> | Answer>> = {
  'GET /x/local/inbox': async ({ inbox }) => json(200, await inboxReport(inbox)),
  'GET /x/local/clock': tellTime,
  'GET /x/local/dead-letters': ({ deadLetters }) => json(200, { data: deadLetters() }),
  'POST /x/local/clock': (rehearsal, { body }) => turnClock(rehearsal, body),
  'POST /x/local/command': ({ deployment }, request) => answerCommand(deployment, request),
};
