// The functions of the release before, as `npm run keep-release` kept them: they run beside today's over the same data.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Functions } from '../../functions/local/world.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';
import type { FunctionName } from '../../shared/topology.ts';

export const releaseFile = new URL('recorded/release-before.mjs.gz', import.meta.url);

/** The worker of segments alone, of the last release that knew no levels (f80798f), kept in the same way. */
export const levelOneFile = new URL('recorded/segments-of-level-1.mjs.gz', import.meta.url);

type Release = { functions: Partial<Functions> } & Readonly<Record<string, unknown>>;

/** Unpacks the bundle beside the other caches, where its packages would be found too. */
async function load(kept: URL): Promise<Release> {
  const packed = readFileSync(kept);
  const folder = new URL('../../node_modules/.cache/millrace/', import.meta.url);
  const file = new URL(`release-${hash('sha256', packed).slice(0, 16)}.mjs`, folder);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, gunzipSync(packed));
  }
  return (await import(file.href)) as Release;
}

/** Every method of a port throws the errors of that release: its code knows them by its own classes. */
function translated<Port extends object>(port: Port, release: Release): Port {
  const inTheirs = (error: unknown): unknown => {
    const theirs = error instanceof Error ? release[error.name] : undefined;
    if (typeof theirs === 'function') Object.setPrototypeOf(error, theirs.prototype as object);
    return error;
  };
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(member, target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.catch((error: unknown) => {
          throw inTheirs(error) as Error;
        });
      };
    },
  });
}

/** Those of its functions that there are still; its ports are today's. */
export async function releaseBefore(kept = releaseFile): Promise<Functions> {
  const release = await load(kept);
  const ofThatTime = (create: (ports: Ports) => LambdaHandler) => (ports: Ports) =>
    create(
      Object.fromEntries(
        Object.entries(ports).map(([name, port]) => [name, translated(port as object, release)]),
      ) as unknown as Ports,
    );
  const entries = Object.entries(release.functions) as [FunctionName, (ports: Ports) => LambdaHandler][];
  return Object.fromEntries(entries.map(([name, create]) => [name, ofThatTime(create)])) as Functions;
}
