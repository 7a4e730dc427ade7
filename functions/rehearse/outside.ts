// The world outside of AWS, as far as somebody plays it: in a container, names of hosts lead to servers on this machine. They
// resolve to a public address, which the guarded client looks at like any other; behind that the connection stays at home.
import dns from 'node:dns';
import https, { type RequestOptions } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { LookupFunction } from 'node:net';

/** A server on the loopback address, and what vouches for it. */
export interface Host {
  port: number;
  ca: string;
}

export type Hosts = Readonly<Record<string, Host>>;

const somewhere = { address: '93.184.215.14', family: 4 };
const here = { address: '127.0.0.1', family: 4 };

type Ask = (name: string, how: dns.LookupAllOptions, done: (error: null, found: dns.LookupAddress[]) => void) => void;
type Send = (
  url: URL,
  options: RequestOptions,
  done: Parameters<typeof https.request>[2],
) => ReturnType<typeof https.request>;

/** Plays the hosts in this thread: to be called before anything is loaded that calls them. */
export function playOutside(hosts: Hosts): void {
  const [ask, send] = [dns.lookup as Ask, https.request as Send];
  const lookup: Ask = (name, how, done) =>
    Object.hasOwn(hosts, name) ? done(null, [somewhere]) : ask(name, how, done);
  const request: Send = (url, options, done) => {
    const host = Object.hasOwn(hosts, url.hostname) ? hosts[url.hostname] : undefined;
    return host ? send(url, { ...options, ...host, lookup: home(options.lookup) }, done) : send(url, options, done);
  };
  Object.assign(dns, { lookup });
  Object.assign(https, { request });
  syncBuiltinESMExports();
}

/** Whatever lets the name pass leads here. */
const home =
  (guard: LookupFunction | undefined): LookupFunction =>
  (name, how, done) =>
    (guard ?? dns.lookup)(name, how, (error) => {
      if (error) return done(error, '');
      return how.all === true ? done(null, [here]) : done(null, here.address, here.family);
    });
