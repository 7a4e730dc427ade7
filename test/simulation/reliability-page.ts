// docs/reliability.md: what is checked, what is thrown at it, and what the last recorded run met. `npm run reliability` writes it from
// the figures that `WRITE=1 npm run simulate` and `WRITE=1 npm run zoo` record; a test holds it there.
import { writeFileSync } from 'node:fs';
import { faultKinds, type FaultName } from '../../functions/local/chaos-catalogue.ts';
import { median } from '../bench/figures.ts';
import { defects } from './defects.ts';
import { found } from './found.ts';
import type { Outage } from './outages.test.ts';
import { recorded, recordedNames } from './recorded.ts';
import { rarities, type Rarity } from './sometimes.ts';
import type { Sums } from './sums.ts';
import type { Swept } from './sweeping.ts';

interface Figures {
  seeds: number;
  turns: number;
  taken: number;
  ways: number;
  operations: number;
  calls: number;
  days: number;
  seconds: number;
  failed: number;
  machine: string;
  sums: Sums;
  /** Seconds of virtual time from the end of the faults until nothing was left to do. */
  rested: { p50: number; p99: number; max: number };
  /** Messages that were handed over after a withdrawal was answered, having been claimed before; and how long after, milliseconds. */
  behind: { count: number; p99: number; max: number };
  met: Readonly<Partial<Record<string, number>>>;
}

interface Zoo {
  turns: number;
  most: number;
  found: readonly { name: string; seeds?: number; by?: string }[];
}

/** How each invariant is checked; `when`: at every step, at the answer, or at rest. */
const invariants: readonly { id: string; says: string; when: string; how: string }[] = [
  { id: 'I1', says: 'What a 2xx took in is there', when: 'rest', how: 'the events of the API are the oracle’s' },
  {
    id: 'I2',
    says: 'An event counts once, and its first body stays',
    when: 'rest',
    how: 'the same, with multiplicity; enrolments are counted by event',
  },
  {
    id: 'I3',
    says: 'One profile per identifier',
    when: 'step, answer, rest',
    how: 'every change of the table is watched; creates and imports answer 409 exactly when the oracle says so; claims and profiles match one to one',
  },
  {
    id: 'I4',
    says: 'Nothing is sent after a withdrawal on a page',
    when: 'rest',
    how: 'the inbox against the withdrawals that were answered, by time',
  },
  {
    id: 'I5',
    says: 'Withdrawals last and outrank',
    when: 'rest',
    how: 'consent and suppression of everybody are the oracle’s, also after merges',
  },
  {
    id: 'I6',
    says: 'At most one handover; every message ends',
    when: 'rest',
    how: 'the inbox against the messages of the table',
  },
  {
    id: 'I7',
    says: 'Flows neither repeat nor stall',
    when: 'rest',
    how: 'each event enrols as the oracle says; each step makes one message; whoever waits has a timer that is scheduled',
  },
  {
    id: 'I8',
    says: 'Segments are what brute force finds',
    when: 'rest, and six hours later',
    how: 'a naive evaluator over the oracle’s history',
  },
  {
    id: 'I9',
    says: 'Merges conserve',
    when: 'rest',
    how: 'the same comparisons after merges by calls and by links; nothing lies where it was taken from',
  },
  {
    id: 'I11',
    says: 'A deletion leaves nothing',
    when: 'rest',
    how: 'what named who was forgotten, and secrets told of them, stand in no item, file or schedule; nothing lies in their place',
  },
  {
    id: 'I12',
    says: 'Accounts do not interfere',
    when: 'answer, rest',
    how: 'a second account does the same beside the first, with an oracle of its own; what is the other’s answers as what is not there',
  },
  {
    id: 'I14',
    says: 'A walk shows each once',
    when: 'answer',
    how: 'profiles are walked in pages of three while others are made and merged; no walk shows an id twice',
  },
  {
    id: 'I15',
    says: 'Requests that are sent again converge',
    when: 'answer, rest',
    how: 'callers send again after every 5xx, and repeatable requests are worked on twice at once; states are the oracle’s',
  },
  {
    id: 'I16',
    says: 'Work is done, known, or parked',
    when: 'rest',
    how: 'queues, jobs and the stream are empty, nothing was given up, the bus heard of everything',
  },
  {
    id: 'I17',
    says: 'A bad record fails alone',
    when: 'rest',
    how: 'each bad message is parked, and no dead letter but those is left after they were put back; a bad change in bulk-events.test.ts',
  },
  {
    id: 'I24',
    says: 'What was written is read at once',
    when: 'answer',
    how: 'a profile is read after each create, import and change',
  },
];

/** Faults that are the simulation's own, beside those of the catalogue of the local system. */
const own: Readonly<Record<string, string>> = {
  overtaken: 'The event is worked off by another container in the middle of a call',
  frozen: 'A worker is given up as timed out, its event comes again, and it goes on later',
  'timed-out': 'An invocation is ended between two calls',
};

const isFault = (name: string): name is FaultName => Object.hasOwn(faultKinds, name);

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const big = (count: number) => count.toLocaleString('en-US');

function faultsOf({ met }: Figures): string {
  const names = Object.keys(met).filter((name) => isFault(name) || Object.hasOwn(own, name));
  return table(
    ['fault', 'what happens', 'times'],
    names
      .sort()
      .map((name) => [`\`${name}\``, isFault(name) ? faultKinds[name].does : (own[name] ?? ''), big(met[name] ?? 0)]),
  );
}

function zooOf({ found }: Zoo): string {
  const rows = defects.map(({ name }) => {
    const one = found.find((other) => other.name === name);
    return [
      name,
      one?.seeds ?? 'not found',
      one?.by?.match(/I\d+/)?.[0] ?? (one?.seeds === undefined ? '' : 'an answer'),
    ];
  });
  return table(['defect', 'seeds until it was found', 'broke'], rows);
}

/** Faults by which something comes more than once. */
const repeats = [
  ...['again', 'delivered-twice', 'failed-batch', 'misreported', 'old-token', 'overtaken', 'provider-event'],
  ...['schedule-twice', 'twice'],
] as const;

const minutes = (seconds: number) => `${big(Math.ceil(seconds / 60))} min`;

/** What a run says of itself (section 3.6 of our notes on reliability). */
function rowsOf(figures: Figures): (string | number)[][] {
  const { sums, rested, behind, met } = figures;
  const unknown = met['a message ended without an answer of the provider' satisfies Rarity] ?? 0;
  const times = (names: readonly string[]) => names.reduce((sum, name) => sum + (met[name] ?? 0), 0);
  const faults = Object.keys(met).filter((name) => isFault(name) || Object.hasOwn(own, name));
  return [
    ['seeds, each twice', `${figures.seeds} of ${figures.turns} turns`],
    ['turns taken', big(figures.taken)],
    ['operations (invocations of functions)', big(figures.operations)],
    ['calls that could fail', big(figures.calls)],
    ['faults', big(times(faults))],
    ['different ways taken', figures.ways],
    ['virtual time', `${big(figures.days)} days`],
    ['changes of the table, each watched as it came', big(sums.changes)],
    ['answers, each held against the oracle', big(sums.answers)],
    ['items looked at at rest, by all invariants', big(sums.items)],
    ['seeds that failed', figures.failed],
    ['came more than once, to no effect', big(times(repeats))],
    [
      'messages whose outcome stays unknown',
      `${big(unknown)} of ${big(sums.messages)} (${((100 * unknown) / sums.messages).toFixed(1)} %)`,
    ],
    [
      'handed over after a withdrawal or deletion was answered, all of them claimed before it (W: p99, longest)',
      `${behind.count} at ${big(sums.withdrawals)} withdrawals (${behind.p99} ms, ${behind.max} ms)`,
    ],
    [
      'from the end of the faults until nothing was left to do (p50, p99, longest)',
      [rested.p50, rested.p99, rested.max].map(minutes).join(', '),
    ],
    ['took', `${figures.seconds} s in two processes, on a shared machine (${figures.machine})`],
  ];
}

interface Interleavings {
  pairs: number;
  interruptions: number;
  explored: number;
}

interface Withdrawals {
  kinds: number;
  points: number;
  claimed: number;
}

/** What is tried without chance: everything there is of it. */
function exhaustive(swept: readonly Swept[], outages: readonly Outage[]): string {
  const sum = (of: keyof Omit<Swept, 'scenario'>) => swept.reduce((total, one) => total + one[of], 0);
  const { pairs, interruptions, explored } = recorded('interleavings') as Interleavings;
  const { kinds, points, claimed } = recorded('withdrawals') as Withdrawals;
  return `## Every crash point

Each scenario runs once to count its calls, then again for every call and everything that can happen to it: a crash before and after, a lost answer, a
refusal, a second try, the event worked off by another at that moment, and each invocation delivered twice. ${big(sum('survived'))} of ${big(sum('taken'))} that were tried
survived, of ${big(sum('points'))} that there are.

${table(
  ['scenario', 'survived', 'tried', 'there are'],
  swept.map(({ scenario, survived, taken, points }) => [scenario, survived, taken, points]),
)}

Interleavings: ${pairs} pairs of racing calls that tell who somebody is, in every order of their calls with up to ${interruptions} interruptions of one by the other:
${big(explored)} in all, each ending as one after the other would.

Withdrawals: ${kinds} kinds, put before each call that sending a message makes to the store: ${points} points. Before the claim, and in the very call that claims,
nothing goes out; at the ${claimed} points behind it the message is under way. That is W of I4: on AWS less than eight seconds, two pauses where
the provider says that it is too fast and one call of at most five seconds.

## Three hours without a service

An event every 30 seconds, each of somebody new, whom a flow writes to; then the service is there again. Nothing is lost, and nobody is written to twice.

${table(
  [
    'gone',
    'events',
    'sent again by callers',
    'calls refused',
    'dead letters put back',
    'worked off within',
    'times as fast as it came',
  ],
  outages.map(({ port, events, sentAgain, refused, deadLetters, seconds }) => [
    port,
    events,
    sentAgain,
    big(refused),
    deadLetters,
    `${seconds} s`,
    Math.floor((3 * 3600) / seconds),
  ]),
)}
`;
}

function bugs(): string {
  const rows = found.map(({ was, broke, by, test }) => [was, broke, by, test === undefined ? '' : `\`${test}\``]);
  return table(['it was', 'broke', 'seen first in', 'has a test of its own in'], rows);
}

/** The page for these figures. */
function reliabilityPage(figures: Figures, zoo: Zoo): string {
  const seeds = zoo.found.flatMap((one) => one.seeds ?? []);
  return `# Reliability

Generated by \`npm run reliability\` from recorded runs; do not edit.

\`npm run simulate\` runs the handlers that are deployed, in one process on a virtual clock, over the memory adapters. A seed decides everything: what
callers do, what fails, who goes on when. The random numbers come from named streams (workload, faults, order, invocations, thaw, services, surroundings, clock,
ids, swarm), so that what one draws changes no other. Each seed knows a part of the turns and of the faults, at rates of its own, and runs twice: both
runs must make the same calls and end in the same table. What is expected comes from an oracle that knows the requests and their answers and shares no
code with the product. A seed that fails is shrunk to the command that replays it.

Invocations that overlap go on one at a time, chosen before each call, once it is applied and once it is answered: at random, by random priorities
that change one to three times, or starving one function. When the faults stop, some seeds keep one port failing one call of thirty: even so
everything must be worked off within hours of virtual time.

## The recorded run

${table(['', ''], rowsOf(figures))}

No failure in n seeds bounds the rate of failing seeds by 3/n (95 %): ${figures.seeds} seeds by ${((3 / figures.seeds) * 100).toFixed(1)} %. It does not
show that there is none.

4,000 events with a flow and a segment live, killed three times: CI does it on the virtual clock (every container at once) and to the process of
\`npm start -- --data\` (SIGKILL, requests over HTTP). Each event is there once, with one enrolment and one message; nobody is written to twice. A message
whose worker dies between its claim and the call to the provider is UNKNOWN, and is not sent again: that nobody is without holds but for those. Kills at
any call left none; kills chosen to come there left 15 of 4,000.

## Invariants

${table(
  ['', 'invariant', 'looked at', 'how'],
  invariants.map(({ id, says, when, how }) => [id, says, when, how]),
)}

Versions mix (I20): in a quarter of the seeds every other container runs the release before, a bundle that \`npm run keep-release\` took of its
functions and that lies beside the tests; both work on the same table, queues and stream, and everything has to hold as without.

Clocks differ (I19): in a fifth of the seeds every container has a clock of its own, up to a second, a minute or ten minutes off
either way, which steps at times; queues, schedules and the table keep the true time, and when the faults stop so do all. What callers say is put in
order by the time that the gateway gives each request, not by the hosts that answer. What is promised of hosts: up to ten minutes off, nothing is lost,
done twice or left undone, and timers come early or late by as much; up to 15 seconds off, counts of events are right too. Beyond that those of a quarter of an
hour in which something still came may be wrong until more of it comes, and of two words on one person within that time, of which one came
through a job, either may count as the later. AWS keeps the clocks of Lambda within milliseconds. In these seeds the state of consent in the end is not held against the
oracle.

Not simulated: an email that is being handed over never stands still, since Lambda ends the invocation long before.

## Faults

${faultsOf(figures)}

## Rare states

A run of CI's size (200 seeds of 100 turns) fails when it was never in one of these.

${table(
  ['state', 'times'],
  rarities.map((rarity) => [rarity, big(figures.met[rarity] ?? 0)]),
)}

${exhaustive(
  recordedNames('sweep-').flatMap((name) => recorded(name) as Swept[]),
  recorded('outages') as Outage[],
)}
\`npm test\` takes one in 25 of the crash points, CI takes them all.

## Bugs that it found

All are mended. A seed takes another way whenever callers, faults or calls change: what it found then is held by all the seeds of CI together, and where it
could be told as a story, by a test of its own.

${bugs()}

## Planted defects

\`npm run zoo\` plants one defect at a time around the handlers and their ports, in the test only, and runs seeds of ${zoo.turns} turns until something
breaks, at most ${zoo.most}. ${seeds.length} of ${defects.length} are found: median ${median(seeds)} seeds, at most ${Math.max(0, ...seeds)}. One that is found
no more fails the command; those that are not found are what the simulation cannot see yet.

${zooOf(zoo)}
`;
}

/** The page as the recorded figures have it. */
export const currentPage = (): string => reliabilityPage(recorded('simulation') as Figures, recorded('zoo') as Zoo);

if (process.argv[2] === '--write') writeFileSync(new URL('../../docs/reliability.md', import.meta.url), currentPage());
