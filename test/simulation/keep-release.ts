// npm run keep-release: keeps the functions as they are now as "the release before", which the simulation runs beside
// later ones. Without the postal data, which the simulation does not ask for.
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { releaseFile } from './release-before.ts';

const withoutPostalData: Plugin = {
  name: 'without postal data',
  setup(bundling) {
    bundling.onLoad({ filter: /postal\/data\/.*\.ts$/ }, () => ({ contents: 'export default ""' }));
  },
};

const { outputFiles } = await build({
  entryPoints: [new URL('release.ts', import.meta.url).pathname],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  external: ['esbuild'],
  plugins: [withoutPostalData],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const packed = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 });
writeFileSync(releaseFile, packed);
console.log(`${releaseFile.pathname}: ${Math.round(packed.length / 1024)} KB`);
