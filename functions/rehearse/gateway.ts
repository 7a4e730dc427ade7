// One HTTP server that is every service of AWS: AWS_ENDPOINT_URL of all functions.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Caller, Denied, type Iam } from './iam.ts';
import { AwsError, type AwsAnswer, type AwsRequest, refusal, type Service } from './wire.ts';

/** The services by the names that requests are signed for: dynamodb, sqs, events, scheduler, ses, s3. */
export type Services = Readonly<Record<string, Service>>;

export interface Gateway {
  /** The base URL. */
  url: string;
  /** Opens: until then every call waits for a service that is not there. */
  serve: (options: {
    services: Services;
    iam: Iam;
    callers: ReadonlyMap<string, Caller>;
    onFault: (error: unknown) => void;
  }) => void;
  close: () => Promise<void>;
}

/** Listens on the loopback address. */
export async function startGateway(): Promise<Gateway> {
  const server = createServer();
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(options) {
      server.on('request', (request, response) => void respond(options, request, response));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

type Options = Parameters<Gateway['serve']>[0];

/** `AWS4-HMAC-SHA256 Credential=<access key>/<day>/<region>/<service>/aws4_request, …` */
const credential = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** How services say that a call is denied, by the way they tell errors. */
const denials = { s3: 'AccessDenied', query: 'AuthorizationError', json: 'AccessDeniedException' } as const;

async function respond(options: Options, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, key = '', name = ''] = credential.exec(message.headers.authorization ?? '') ?? [];
  const service = options.services[name];
  const answer = await answerTo(options, message, { key, name, service }).catch((error: unknown): AwsAnswer => {
    if (error instanceof Denied) {
      const code = denials[service?.xml ?? 'json'];
      return refusal(new AwsError(code, error.message, service?.xml ? 403 : 400), service ?? {});
    }
    if (error instanceof AwsError) return refusal(error, service ?? {});
    options.onFault(error);
    return refusal(new AwsError('InternalFailure', String(error), 500), service ?? {});
  });
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

async function answerTo(
  { iam, callers }: Options,
  message: IncomingMessage,
  { key, name, service }: { key: string; name: string; service: Service | undefined },
): Promise<AwsAnswer> {
  const request = await read(message);
  const caller = callers.get(key);
  if (!caller)
    throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (!service) throw new AwsError('UnknownOperationException', `The rehearsal has no service ${name}.`);
  iam.demand(caller, service.acts(request));
  return service.answer(request, (acts) => iam.demand(caller, acts));
}

async function read(message: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers,
    body: Buffer.concat(chunks),
    operation: headers['x-amz-target']?.split('.').at(-1) ?? '',
  };
}
