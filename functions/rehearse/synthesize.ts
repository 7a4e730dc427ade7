// The stack as it would be deployed, synthesized and bundled anew only when a source has changed.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { functionSpecs } from '../../shared/topology.ts';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '../..');
/** Where assemblies are kept. */
export const cache = join(root, 'node_modules/.cache/millrace/rehearsal');

/** What the stack and its bundles are made from. */
const sources = ['cdk/**/*.ts', 'shared/**/*.ts', 'functions/**/*.ts', 'cdk.json', 'package-lock.json'];
const besides = /^functions\/(local|rehearse|cli)\//;

/** Stands in a folder in which everything is. */
const wholeFile = 'whole';

const assets = z.object({ files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })) });

export interface Assembly {
  template: Template;
  /** The folder with the code of an asset, by the hash that its S3 key holds, once it is bundled. Throws when it could not be. */
  folderOf: (hash: string) => Promise<string>;
  /** Resolves when every function is bundled, or every one that answers HTTP requests. Throws when one could not be. */
  bundled: (which: 'all' | 'answering') => Promise<unknown>;
  /** Resolves when nothing is being made any more. */
  end: () => Promise<void>;
}

/** The assembly of a stage, as soon as its template is there. Kept by the hash of all sources: an unchanged stack starts at once. */
export async function assemble(stage: string): Promise<Assembly> {
  const name = `${stage}-${hashOfSources()}`;
  const [whole] = globSync(`${name}-*/${wholeFile}`, { cwd: cache });
  const { folder, after, end } =
    whole === undefined ? make(stage, join(cache, `${name}-${randomUUID()}`)) : made(whole);
  await after('template');
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(folder, `Millrace-${stage}.${file}.json`), 'utf8'));
  const { files } = assets.parse(read('assets'));
  return {
    template: read('template') as Template,
    async folderOf(hash) {
      const path = files[hash]?.source.path;
      if (path === undefined) throw new Error(`The assembly has no asset ${hash}.`);
      await after(basename(path));
      return path;
    },
    bundled(which) {
      const wanted = functionSpecs.filter(([, { trigger }]) => which === 'all' || 'http' in trigger);
      return Promise.all(wanted.map(([one]) => after(one)));
    },
    end,
  };
}

/** A folder and what comes into it: the template, and each function by its name. */
interface Making {
  folder: string;
  /** Resolves when this is there. Throws when it could not be made. */
  after: (part: string) => Promise<unknown>;
  end: () => Promise<void>;
}

const made = (whole: string): Making => ({
  folder: join(cache, dirname(whole)),
  after: () => Promise.resolve(),
  end: () => Promise.resolve(),
});

function make(stage: string, folder: string): Making {
  forgetOld();
  mkdirSync(folder, { recursive: true });
  // A process of its own: the CDK takes memory that the rehearsal does not give back. What it would validate, `npm run synth` does.
  const maker = spawn(process.execPath, [join(root, 'cdk/rehearsal.ts'), stage, folder], {
    cwd: root,
    env: { ...process.env, CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const names = ['template', ...functionSpecs.map(([name]) => name)];
  const parts = new Map(names.map((name) => [name, Promise.withResolvers<string>()]));
  createInterface({ input: maker.stdout }).on('line', (line) => parts.get(line)?.resolve(line));
  const ended = new Promise<void>((done) => {
    maker.once('close', (code) => {
      if (code === 0) writeFileSync(join(folder, wholeFile), '');
      for (const [name, { promise, reject }] of parts) {
        // Nobody may be waiting for it.
        promise.catch(() => undefined);
        reject(new Error(`cdk/rehearsal.ts ended with code ${code} before it had made this: ${name}.`));
      }
      done();
    });
  });
  return {
    folder,
    after: (part) => parts.get(part)?.promise ?? Promise.reject(new Error(`Nobody makes this: ${part}.`)),
    end: () => ended,
  };
}

/** Keeps the latest few: one of them may be running. */
function forgetOld(): void {
  const madeAt = (folder: string) => statSync(join(cache, folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const latestFirst = globSync('*', { cwd: cache }).sort((a, b) => madeAt(b) - madeAt(a));
  for (const folder of latestFirst.slice(3)) rmSync(join(cache, folder), { recursive: true, force: true });
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const path of globSync(sources, { cwd: root }).sort()) {
    if (!besides.test(path))
      hash
        .update(path)
        .update('\0')
        .update(readFileSync(join(root, path)))
        .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
