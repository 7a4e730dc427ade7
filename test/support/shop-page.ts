// A shop's own site, on another origin than the API: pages with the script, and calls that are made before it is there.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The object that queues until the script comes, as sites embed it. */
const snippet = `
  window._klOnsite = window._klOnsite || [];
  window.klaviyo = new Proxy({}, { get: (_, name) => name === 'push'
    ? (...calls) => window._klOnsite.push(...calls)
    : (...args) => {
        const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
        return new Promise((done) => window._klOnsite.push([name, ...args, (answer) => { callback?.(answer); done(answer); }]));
      } });`;

export interface ShopPage {
  /** Of its pages: any path will do. */
  url: string;
  close: () => Promise<void>;
}

/** Serves pages whose script comes from `script`; `?early=` holds what they run before it is there. */
export async function openShop(script: string): Promise<ShopPage> {
  const server = createServer((request, response) => {
    const early = new URL(request.url ?? '/', 'http://shop').searchParams.get('early') ?? '';
    const html = `<!doctype html><link rel="icon" href="data:,"><script>${snippet}\n${early}</script><script async src="${script}"></script>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(html);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
