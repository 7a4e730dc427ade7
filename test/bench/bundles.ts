// Size and import time of each function, as it is deployed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundle } from '../../cdk/bundle.ts';
import { environmentOf } from '../../shared/env.ts';
import { type Grant, functionSpecs } from '../../shared/topology.ts';
import { median, type Rows } from './figures.ts';

/** Size and import time of each function's bundle, as it is deployed. Imports are timed in fresh processes. */
export async function bundles(): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  try {
    const metafiles = await bundle(folder);
    return Object.fromEntries(
      functionSpecs.map(([name, { grants }]) => {
        const path = join(folder, name, 'index.mjs');
        const times = Array.from({ length: 5 }, () => importTime(path, grants));
        return [
          name,
          {
            loaded_kb: loadedKb(metafiles.get(name)),
            whole_kb: kilobytes(Object.values(metafiles.get(name)?.outputs ?? {}).map(({ bytes }) => bytes)),
            import_ms: Math.round(median(times)),
          },
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kilobytes = (sizes: readonly number[]) => Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);

/** What a cold start reads: the entry and all that it imports at once; what is imported late does not count. */
function loadedKb(metafile: Metafile | undefined): number {
  const outputs = metafile?.outputs ?? {};
  const wanted = Object.keys(outputs).filter((path) => path.endsWith('/index.mjs'));
  const loaded = new Set<string>();
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const { kind, path: imported } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && outputs[imported]) wanted.push(imported);
    }
  }
  return kilobytes([...loaded].map((path) => outputs[path]?.bytes ?? 0));
}

/** Loads a bundle in a fresh process, with the environment that its grants bring; the values are never used. */
function importTime(path: string, grants: readonly Grant[]): number {
  const variables = [...environmentOf(grants), 'AWS_REGION'].map((name) => [name, 'x']);
  const script = `const t = performance.now(); await import(${JSON.stringify(path)}); console.log(performance.now() - t);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...(Object.fromEntries(variables) as Record<string, string>) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${path} does not load: ${stderr.slice(-500)}`);
  return Number(stdout.trim().split('\n').at(-1));
}
