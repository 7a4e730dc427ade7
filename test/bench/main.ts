// npm run bench: measures the local runtime and the bundles; prints a table and one JSON object. `-- --write` puts the
// figures into docs/performance.md.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { importing } from './imports.ts';
import { type Figures, building, bundles, growth, latencies, throughput } from './measures.ts';

const progress = (text: string) => {
  process.stderr.write(`${text}\n`);
};

progress('Throughput: 20,000 events …');
const speed = await throughput(20_000);
progress('Latencies: 300 events, one at a time …');
const waiting = await latencies(300);
progress('Capacity units as history and segments grow …');
const units = await growth();
progress('Building a segment over 10,000 profiles …');
const build = await building(10_000);
progress('Bulk import: 10 jobs of 10,000 profiles, each twice …');
const imports = await importing(10);
progress('Bundles …');
const sizes = bundles();

const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const result = { machine, throughput: speed, latency: waiting, units, build, imports, bundles: sizes };

function table(title: string, rows: Readonly<Record<string, Figures>>): string {
  const columns = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const lines = Object.entries(rows).map(
    ([name, row]) => `| ${name} | ${columns.map((column) => String(row[column] ?? '')).join(' | ')} |`,
  );
  return [`## ${title}\n`, `| | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`, ...lines].join(
    '\n',
  );
}

const page = [
  `# Performance

Measured by \`npm run bench -- --write\` on ${machine}: the local runtime with the memory adapters, real event shapes and the same
handlers as deployed. One process does everything, the calls included. Units are AWS's capacity units, base table and indexes together,
for an event of about 1 KB and a known profile, per event in batches of ten.`,
  table('Throughput and latency', { 'all in one process': { ...speed, ...waiting, ...build } }),
  table('Capacity units of an event', units),
  table('Bulk import', imports),
  table('Bundles', sizes),
].join('\n\n');

console.log(page);
console.log(`\n${JSON.stringify(result)}`);
if (process.argv.includes('--write')) writeFileSync('docs/performance.md', `${page}\n`);
