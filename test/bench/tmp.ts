import { segmentBuilds } from './segments.ts';
console.log(JSON.stringify(await segmentBuilds([Number(process.argv[2] ?? 20000)])));
