// npm run bench: measures the local runtime and the bundles; prints tables and one JSON object. `-- --write` puts the
// figures into docs/performance.md.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { bundles } from './bundles.ts';
import { medians } from './figures.ts';
import { importing } from './imports.ts';
import { ingestion } from './ingest.ts';
import { lags } from './lag.ts';
import { pageOf } from './page.ts';
import { loadedLatency } from './loaded.ts';
import { growth, historyUnits, latencies, topSpeed } from './speed.ts';
import { segmentBuilds, segmentUnits } from './segments.ts';
import { gateAndRender, wakings } from './sending.ts';
import { shop } from './shop.ts';
import { starts } from './start.ts';
import { monthOfTimers } from './waiting.ts';

const tell = (text: string) => {
  process.stderr.write(`${text}\n`);
};

const [load = 0] = loadavg();
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`;

tell('npm start, five times …');
const start = await starts();
tell('Bundles …');
const sizes = bundles();
tell('5,000 events, three times …');
const throughput = medians([await topSpeed(), await topSpeed(), await topSpeed()]);
tell('10,000 events with 20 segments and 5 flows live, single and in bulk …');
const ingested = await ingestion();
tell('1,500 events a second one by one and 3,000 in bulk, for ten seconds …');
const lag = await lags();
tell('300 events, one at a time …');
const latency = await latencies();
tell('1,000 events a second, for ten seconds …');
const loaded = { 'segment entry': await loadedLatency(1000, 10) };
const grown = await growth((name) => tell(`As the account grows: ${name} …`));
tell('Units of an event with up to 100,000 before it …');
const histories = await historyUnits();

tell('Segments: histories of up to 100,000 events, accounts of up to 100,000 profiles …');
const segments = { units: await segmentUnits(), builds: await segmentBuilds() };

tell('Bulk import: four jobs of 10,000 profiles, each twice …');
const imports = await importing(4);

tell('A campaign to 10,000, a catalog of 100,000 items …');
const sold = await shop([10_000], 100_000);

tell('Emails through gate and render, people who wait …');
const rendered = { 'emails of 20 KB': await gateAndRender(2000) };
const waits = { 'a day': await wakings(5000) };

tell('A month of timers …');
const month = await monthOfTimers();

const result = {
  machine,
  load,
  throughput,
  ingestion: ingested,
  lag,
  latency,
  loaded,
  growth: grown,
  histories,
  segments,
  imports,
  shop: sold,
  rendered,
  waits,
  month,
  start,
  bundles: sizes,
};
const page = pageOf(result);
console.log(page);
console.log(JSON.stringify(result));
if (process.argv.includes('--write')) writeFileSync('docs/performance.md', page);
