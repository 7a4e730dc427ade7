import { join } from 'node:path';
import { onsiteScript } from '../../shared/topology.ts';

const root = join(import.meta.dirname, '../..');
let text: Promise<string> | undefined;

/** The script for browsers as a deployment has it, made at the first call. */
export function builtScript(): Promise<string> {
  return (text ??= build());
}

/** The bundler is loaded late: most runs serve no script. */
async function build(): Promise<string> {
  const { buildSync } = await import('esbuild');
  const { outputFiles } = buildSync({ ...onsiteScript.build, absWorkingDir: root, outdir: 'none', write: false });
  return outputFiles.map((file) => file.text).join('');
}
