// docs/performance.md, from the figures.
import type { Rows } from './figures.ts';
import type { Recorded } from './parts.ts';

/** A Markdown table of these columns: figure names and how they are headed. */
function table(rows: Rows, columns: Readonly<Record<string, string>>): string {
  const names = Object.keys(columns);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = (value: number | undefined) => (value === undefined ? '' : value.toLocaleString('en'));
  return [
    line(['', ...Object.values(columns)]),
    line(['---', ...names.map(() => '---:')]),
    ...Object.entries(rows).map(([name, row]) => line([name, ...names.map((column) => shown(row[column]))])),
  ].join('\n');
}

/** The machines, each once, and the loads between which the parts were measured. */
function circumstances(recorded: Recorded): string {
  const all = Object.values(recorded);
  const loads = all.map(({ load }) => load);
  const machines = [...new Set(all.map(({ machine }) => machine))].join('; ');
  return `${machines}, load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} before each part`;
}

/** The whole page. */
export function pageOf(recorded: Recorded): string {
  const speeds = {
    accepted_per_second: 'accepted/s',
    handled_per_second: 'handled/s',
    accept_p50_ms: 'accept, ms',
    entry_p50_ms: 'segment entry, ms',
    message_p50_ms: 'first message, ms',
    built_profiles_per_second: 'profiles built/s',
  };
  const unitsOfEvent = {
    accept_write_units: 'accept: write',
    accept_read_units: 'accept: read',
    handle_write_units: 'handle: write',
    handle_read_units: 'handle: read',
  };
  return `# Performance

Written by \`npm run bench -- --write\`, which takes some twenty minutes; \`--only\` measures parts of it. Measured on ${circumstances(recorded)}
(the part before is in that): the local runtime with the memory adapters, one process that does everything, the callers included, with the handlers and event shapes
that are deployed. Events have about 1 KB. Rates and times depend on what else the machine does: above a load average of about 0.5 they
are worse than the runtime is, and rows differ by chance. Capacity units and sizes depend on nothing.

## Events

${table({ 'events a second': recorded.throughput.figures }, { accepted_per_second: 'accepted', handled_per_second: 'fully handled' })}

16 callers, 1,000 known profiles, one segment of the metric; median of three runs of 5,000 events. *Accepted* is the 202, *fully handled*
the end of all that follows.

${table(recorded.ingestion.figures, {
  accepted_per_second: 'accepted/s',
  handled_per_second: 'fully handled/s',
  lag_ms: 'lag, ms',
  cpu_us_per_event: 'core time an event, µs',
})}

With 20 segments and 5 flows live: ten metrics as frequent as words are, two segments of each, a flow of five of them which one event in
twenty starts; 10,000 events of 1,000 people, one by one from 16 callers and in bulk jobs of 1,000, each held
up while the system is behind, as \`npm start\` does it. *Lag*: how long the last 202 is ahead of the end of all that follows.

${table(recorded.lag.figures, { rate_per_second: 'events a second', p50_ms: 'lag: p50, ms', p99_ms: 'p99, ms', most_ms: 'at most, ms' })}

The same account with 10,000 people, most of whom enter a segment with their next event, for ten seconds, at 1,500 a second one by one and 3,000 in
bulk where they are not held up (*events a second* is what they came to): from each event's 202 until the workers of segments and of flows are done with it.

${table(recorded.latency.figures, { p50_ms: 'p50, ms', p99_ms: 'p99, ms' })}

From the request, for 300 new profiles, one at a time: to the 202, until the profile is in the segment, until the flow's email is sent.

${table(recorded.loaded.figures, { rate_per_second: 'events a second', p50_ms: 'p50, ms', p99_ms: 'p99, ms' })}

At a steady rate for ten seconds, the callers in the same process: from the request of one event in twenty until its profile, which is new
to the segment, is in it; until the email of the flow that every event starts is sent to its profile, which is new too.

${table(recorded.memory.figures, { events_per_second: 'events/s', rss_mb: 'resident, MB', rss_p50_mb: 'median while loading, MB' })}

The whole process, callers included, after bulk jobs of 1,000 events of about 1 KB each over a year.

## As the account grows

${table(recorded.growth.figures, speeds)}

The base is 100 profiles, 10 of which have a history of 10 events, one segment that counts the metric and one that counts another, and a
flow that sends an email for each event; each row has one of these 10 and 100 times as large. The rates are those of 1,000 events of 100
profiles, a flow's message for each included; the times are medians of 30 events of the profiles with a history. The last column is how
fast a new segment is built from the metric's events, each of which is read.

## Capacity units of an event

${table(recorded.growth.figures, unitsOfEvent)}

DynamoDB's units, base table and indexes together, of an event of a known profile that changes no segment and starts no flow, per event in
batches of ten; that its quarter of an hour has to be counted was known. [The table](table.md) has those of every access.

${table(recorded.histories.figures, unitsOfEvent)}

Of one event, handled by itself (which bears alone what a batch shares), of a person with so many events of the metric before it.

## Segments

${table(recorded['segment-units'].figures, { read_units: 'read units', write_units: 'write units', milliseconds: 'ms' })}

Of a new event that changes no membership, for the worker by itself, ten people in a batch; the segments count events of a year.

${table(recorded['segment-late'].figures, { read_units: 'read units', write_units: 'write units', milliseconds: 'ms' })}

Of an event that comes late, each of 16 somewhere else in the history of one person, where none came before; three segments sum up
the metric, two count it. Units of the worker by itself, which handles one event at a time.

${table(recorded['segment-builds'].figures, {
  seconds: 'seconds',
  profiles_per_second: 'profiles/s',
  read_units: 'read units a profile',
  write_units: 'write units a profile',
})}

Building a segment of one metric condition over people with ten events each, for the worker by itself: all of them enter, and each gets
a timer.

## Bulk import

${table(recorded.imports.figures, {
  new_per_second: 'new',
  new_handled_per_second: 'new, all handled',
  known_per_second: 'known',
  known_handled_per_second: 'known, all handled',
})}

Profiles a second of jobs of 10,000 profiles of about 200 bytes, from the request to the end of the job, and to the end of all that follows.
Round trips of the job to the store, per profile: 2.03 when it is new, 1.04 when something changes, 0.04 when nothing does; claims and
profiles are read a hundred at a time.

## Campaigns and the catalog

${table(recorded.shop.figures.campaigns, {
  claims_per_second: 'recipients/s',
  core_us_per_claim: 'core time a recipient, µs',
  write_units: 'write units',
  read_units: 'read units',
  heap_before_mb: 'heap before, MB',
  heap_peak_mb: 'at most, MB',
  heap_kept_mb: 'after, MB',
})}

One email each, from the first wave to the last outcome; units a recipient, from the request to send to the last event. The heap holds the table.

${table(recorded.shop.figures.catalogs, { items_per_second: 'items/s', write_units: 'write units an item' })}

${table(recorded.shop.figures.feeds, {
  new_per_second: 'feed: new/s',
  new_write_units: 'write units',
  same_per_second: 'unchanged/s',
  same_write_units: 'write units',
  hundredth_per_second: 'a hundredth changed/s',
})}

By bulk jobs of a hundred items, and as one document that a feed pulls.

## Messages, and people who wait

${table(recorded.rendered.figures, { messages_per_second: 'messages/s', core_us: 'core time a message, µs' })}

From the queued message to the provider's answer: the gate, the claim, the rendering of an email with eleven links, its text part, its tracked links.

${table(recorded.waits.figures, {
  waiting: 'people who wait',
  sweeps_while_waiting: 'sweeps in two days',
  other_invocations_while_waiting: 'other invocations',
  read_units_while_waiting: 'read units',
  write_units_while_waiting: 'write units',
  woken_per_second: 'woken/s',
  core_us: 'core time of one, µs',
  heap_waiting_mb: 'heap while they wait, MB',
  heap_woken_mb: 'after, MB',
})}

At a delay of a flow with an email behind it (\`node --expose-gc test/bench/waking.ts 100000\` for so many). While nobody's time comes, only the hourly sweep looks at minutes; *woken* is to the email that went out, with
all that follows from it.

## Turning the clock

${table({ 'thirty days': recorded.month.figures }, { due: 'people whose time comes', left: 'still waiting', seconds: 'seconds' })}

Each leaves a segment at a minute of their own: its schedule fires, the wake-up hands over what is due, and the segment's worker decides.

## Starts

${table({ 'npm start': recorded.start.figures }, { ready_ms: 'address printed, ms', first_post_ms: 'first POST answered, ms', idle_mb: 'idle memory, MB' })}

Medians of five starts, from the command to the answer of the first authenticated POST. Memory is the resident set of the system's process.

${table(recorded.rehearsal.figures, { ready_ms: 'address printed, ms', first_post_ms: 'first POST answered, ms' })}

\`npm run rehearse\`, which synthesizes the stack and bundles the functions where a source has changed since: those that answer HTTP requests before its
address is printed, the others meanwhile.

## Functions

${table(recorded.bundles.figures, { loaded_kb: 'loaded at a cold start, KB', whole_kb: 'whole bundle, KB', import_ms: 'import, ms' })}

As deployed: minified, AWS SDK included. Imports are timed in fresh processes, without network; medians of five.
`;
}
