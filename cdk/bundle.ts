import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type Metafile } from 'esbuild';
import { type FunctionName, functionSpecs, onsiteScript } from '../shared/topology.ts';

const root = join(import.meta.dirname, '..');
const output = join(root, 'node_modules/.cache/millrace/functions');

/** Where the code of a function comes from. */
export type CodeOf = (name: FunctionName) => Code;

/** Bundles every function and hands out the folders. */
export function bundledCode(): CodeOf {
  bundle(output);
  return (name) => Code.fromAsset(join(output, name));
}

/** Bundles each function by itself: `<outdir>/<function>/index.mjs`, beside it what it loads late, the source maps, and the script for browsers. */
export function bundle(outdir: string): ReadonlyMap<FunctionName, Metafile> {
  rmSync(outdir, { recursive: true, force: true });
  const bundles = functionSpecs.map(([name]) => [name, bundleFunction(name, join(outdir, name))] as const);
  buildSync({ ...onsiteScript.build, absWorkingDir: root, outdir: join(outdir, onsiteScript.function) });
  return new Map(bundles);
}

/** Libraries in CommonJS (postcss) ask for modules of Node.js by `require`, which ES modules have not. */
const banner = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  'process.setSourceMapsEnabled(true);',
].join('');

function bundleFunction(name: FunctionName, outdir: string): Metafile {
  return buildSync({
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
  }).metafile;
}
