import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { type FunctionName, functionSpecs, onsiteScript } from '../shared/topology.ts';

const root = join(import.meta.dirname, '..');

/**
 * Bundles each function by itself, in the topology's order, and tells of each when it is there: `<outdir>/<function>/index.mjs`,
 * beside it what it loads late, the source maps, and the script for browsers.
 */
export async function bundle(
  outdir: string,
  tell: (name: FunctionName) => void = () => undefined,
): Promise<ReadonlyMap<FunctionName, Metafile>> {
  rmSync(outdir, { recursive: true, force: true });
  const bundles = new Map<FunctionName, Metafile>();
  // One after the other: esbuild takes every core for one, and more memory, not less time, for all at once.
  for (const [name] of functionSpecs) {
    const folder = join(outdir, name);
    if (name === onsiteScript.function) await build({ ...onsiteScript.build, absWorkingDir: root, outdir: folder });
    bundles.set(name, await bundleFunction(name, folder));
    tell(name);
  }
  return bundles;
}

/** Libraries in CommonJS (postcss) ask for modules of Node.js by `require`, which ES modules have not. */
const banner = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  'process.setSourceMapsEnabled(true);',
].join('');

async function bundleFunction(name: FunctionName, outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: `functions/${name}/handler.ts` },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What is imported late (S3, the text part of emails) stays in files of its own and costs nothing at a cold start.
    splitting: true,
    // Without `module` first, esbuild takes the SDK's CommonJS build, which is larger and slower to load.
    mainFields: ['module', 'main'],
    // The SDK is bundled, in the versions that were tested: the runtime's own copy changes under us and loads slower.
    banner: { js: banner },
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
