// npm run rehearse. What was compiled is kept for the next start, as that of `npm start` is (functions/local/start.mjs).
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./main.ts');
