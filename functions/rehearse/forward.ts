import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AwsAnswer, AwsRequest } from './wire.ts';

const agent = new Agent({ keepAlive: true });

/** Hands a call on to a server that speaks the service's own protocol. */
export function forward(
  base: string,
  { method, target, headers, body }: Omit<AwsRequest, 'operation'>,
): Promise<AwsAnswer> {
  return new Promise((done, failed) => {
    const given = { ...headers, 'content-length': String(body.length) };
    const call = httpRequest(`${base}${target}`, { agent, method, headers: given }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('error', failed)
        .on('end', () =>
          done({ status: response.statusCode ?? 500, headers: headersOf(response), body: Buffer.concat(chunks) }),
        );
    });
    call.on('error', failed).end(body);
  });
}

const ofThisConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** The headers that the next answer may carry. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !ofThisConnection.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
