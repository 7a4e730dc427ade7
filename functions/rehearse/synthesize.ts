// The stack as it would be deployed, synthesized and bundled anew only when a source has changed.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Template } from './template.ts';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/millrace/rehearsal');

/** What the stack and its bundles are made from. */
const sources = ['cdk/**/*.ts', 'shared/**/*.ts', 'functions/**/*.ts', 'cdk.json', 'package-lock.json'];
const besides = /^functions\/(local|rehearse|cli)\//;

export interface Assembly {
  template: Template;
  /** The folder with the code of an asset, by the hash that its S3 key holds. */
  folderOf: (hash: string) => string;
}

/** The assembly of a stage. Kept in a folder by the hash of all sources, so that an unchanged stack starts at once. */
export async function assemble(stage: string): Promise<Assembly> {
  const folder = join(cache, `${stage}-${hashOfSources()}`);
  if (!existsSync(folder)) await synthesize(stage, folder);
  const text = readFileSync(join(folder, `Millrace-${stage}.template.json`), 'utf8');
  return { template: JSON.parse(text) as Template, folderOf: (hash) => join(folder, `asset.${hash}`) };
}

async function synthesize(stage: string, folder: string): Promise<void> {
  forgetOld();
  const unfinished = join(cache, `unfinished-${process.pid}`);
  mkdirSync(unfinished, { recursive: true });
  // A process of its own: the CDK takes memory that the rehearsal does not give back.
  await promisify(execFile)(process.execPath, [join(root, 'cdk/rehearsal.ts'), stage, unfinished], { cwd: root });
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
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
