// npm run bench: measures the local runtime and the bundles, each part in a process of its own; prints one JSON object a part and
// docs/performance.md. `-- --only events,segments` measures these parts alone; `-- --write` keeps what was measured in
// recorded/ and writes the page from all that is kept there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { pageOf } from './page.ts';
import { frugal } from './start.ts';
import { type Part, parts, type Recorded } from './parts.ts';

const kept = 'test/bench/recorded/figures.json';
const names = Object.keys(parts) as Part[];
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`;

/** Measures a part in a process of its own, so that none works among the remains of another. */
function measured(part: Part): Recorded[Part] {
  process.stderr.write(`${parts[part].about} …\n`);
  const [load = 0] = loadavg();
  const text = execFileSync(process.execPath, [...frugal, '--expose-gc', import.meta.filename, '--part', part], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 100_000_000,
  });
  return { figures: JSON.parse(text.trim().split('\n').at(-1) ?? '') as never, load, machine };
}

const { values } = parseArgs({
  options: { part: { type: 'string' }, only: { type: 'string' }, write: { type: 'boolean', default: false } },
});

if (values.part !== undefined) console.log(JSON.stringify(await parts[values.part as Part].measure()));
else {
  const wanted = values.only?.split(',') ?? names;
  const unknown = wanted.filter((name) => !names.includes(name as Part));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  let all = (existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {}) as Recorded;
  for (const part of wanted as Part[]) {
    all = { ...all, [part]: measured(part) };
    console.log(JSON.stringify({ [part]: all[part].figures }));
    // What was measured is kept, whatever becomes of the next part.
    if (values.write) writeFileSync(kept, `${JSON.stringify(all, null, 2)}\n`);
  }
  const missing = names.filter((name) => !(name in all));
  if (missing.length > 0) console.log(`For the page, measure ${missing.join(', ')} too.`);
  else {
    console.log(pageOf(all));
    if (values.write) writeFileSync('docs/performance.md', pageOf(all));
  }
}
