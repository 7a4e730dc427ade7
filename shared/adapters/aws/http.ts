// The one place that opens connections to servers which somebody else named (reliability.md, C): no private address by
// any spelling, name or redirect; one deadline for all; a cap on what is read.
import { lookup as resolve } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import ipaddr from 'ipaddr.js';
import { type Http, type HttpCall, HttpRefused, type HttpStream } from '../../ports.ts';

/** How names are resolved, and what else tests put in the place of the world. */
export interface Surroundings {
  resolve: typeof resolve;
  /** More options for the connection: a port, a certificate. */
  connection: Pick<RequestOptions, 'ca' | 'port'>;
  isPublic: (address: string) => boolean;
}

/**
 * True for an address of the public internet. Everything else is not: private, loopback, link-local, carrier, multicast,
 * documentation, and whatever carries an IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64).
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // 2000::/3 is all that is handed out; what is left of IPv6 is reserved, or routed nowhere.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parse('2000::'), 3);
}

/** The guarded client. Resolved names are checked where the connection is made, so that no second answer can differ. */
export function createHttp(surroundings: Partial<Surroundings> = {}): Http {
  const { resolve: ask = resolve, connection = {}, isPublic = isPublicAddress } = surroundings;

  const guarded: LookupFunction = (hostname, options, done) => {
    ask(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '');
      const bad = addresses.length === 0 || addresses.some(({ address }) => !isPublic(address));
      if (bad) return done(new HttpRefused('The name leads to an address that is not public.'), '');
      const [first] = addresses;
      return options.all === true ? done(null, addresses) : done(null, first?.address ?? '', first?.family);
    });
  };

  function open(url: URL, call: HttpCall, signal: AbortSignal): Promise<IncomingMessage> {
    const { method, headers = {}, body } = call;
    return new Promise((done, failed) => {
      const request = httpsRequest(
        url,
        {
          method,
          headers: { 'user-agent': 'Millrace', 'accept-encoding': 'gzip, deflate, br', ...headers },
          lookup: guarded,
          agent: false,
          maxHeaderSize: 16_384,
          signal,
          ...connection,
        },
        done,
      );
      request.once('error', failed);
      request.end(body);
    });
  }

  async function exchange(address: string, call: HttpCall, left: number, signal: AbortSignal): Promise<HttpStream> {
    const url = target(address, isPublic);
    const answer = await open(url, call, signal);
    const { statusCode: status = 0, headers } = answer;
    if (status >= 300 && status < 400 && headers.location !== undefined && call.redirects !== undefined) {
      answer.destroy();
      if (left <= 0) throw new HttpRefused('The server redirects too often.');
      const next = new URL(headers.location, url);
      // What was meant for one host is not told to another.
      const { headers: own, ...bare } = call;
      return exchange(next.href, next.host === url.host && own ? call : bare, left - 1, signal);
    }
    return { status, headers: plain(headers), body: pieces(answer, call.largest) };
  }

  async function download(call: HttpCall): Promise<HttpStream> {
    if (call.method !== 'GET' && call.redirects !== undefined) throw new HttpRefused('Only GET follows redirects.');
    return exchange(call.url, call, call.redirects ?? 0, AbortSignal.timeout(call.deadline));
  }

  return {
    download,
    async request(call) {
      const { body, ...reply } = await download(call);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return { ...reply, body: Buffer.concat(chunks) };
    },
  };
}

/** The guarded client in a deployed function. */
export const awsHttp = (): Http => createHttp();

/** The URL, if it is https, names no credentials and, where its host is an address, a public one. */
function target(text: string, isPublic: Surroundings['isPublic']): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') throw new HttpRefused('The URL must be an https URL.');
  if (url.username !== '' || url.password !== '') throw new HttpRefused('The URL must not name a user.');
  // The parser has brought every spelling of an IPv4 address (octal, hexadecimal, one number) into the usual one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0 && !isPublic(host)) throw new HttpRefused('The URL names an address that is not public.');
  return url;
}

const plain = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const decoders = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** The body, decompressed; what is longer than `largest` bytes on either side of that is not read to its end. */
async function* pieces(answer: IncomingMessage, largest: number): AsyncGenerator<Buffer> {
  const encoding = (answer.headers['content-encoding'] ?? '').toLowerCase();
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding as keyof typeof decoders]() : undefined;
  const source = decoder ? answer.on('error', (error) => decoder.destroy(error)).pipe(decoder) : answer;
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) throw new HttpRefused(`The answer is longer than ${largest} bytes.`);
      yield chunk;
    }
  } finally {
    answer.destroy();
  }
}
