// One history on two stores: every answer, refusal, page and cost must be the same, but for what is listed here.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { createAwsStore } from '../../shared/adapters/aws/store.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { everything } from '../../shared/storage/pages.ts';
import { ConditionFailed, type Consumed, type Query, TransactionRefused } from '../../shared/storage/store.ts';
import type { Make } from './store-arbitraries.ts';
import { type Call, callsOn, type Reader } from './store-history.ts';

export type Outcome =
  | { answer: unknown; spent: Consumed[] }
  | { failed: unknown }
  | { refused: unknown; contended: boolean }
  | { malformed: string };

/** A difference that is allowed, by its name in docs/store.md. */
export interface Difference {
  name: string;
  isIt: (call: Call, memory: Outcome, database: Outcome) => boolean;
}

/** What both stores did. */
export interface Compared {
  /** Calls made on both. */
  calls: Partial<Record<string, number>>;
  /** Calls whose outcome was a conflict or a refusal of the form. */
  refused: number;
  malformed: number;
  pages: number;
  /** Known differences met; a history ends with one, since the stores are no longer the same. */
  known: Partial<Record<string, number>>;
}

export const nothingCompared = (): Compared => ({ calls: {}, refused: 0, malformed: 0, pages: 0, known: {} });

/** What one call did, in a form that compares: the answer or the refusal, and the cost of what succeeded. */
export async function outcome(reader: Reader, call: Call, spent: Consumed[]): Promise<Outcome> {
  spent.length = 0;
  try {
    return { answer: await callsOn(reader, call), spent: [...spent] };
  } catch (error) {
    if (error instanceof ConditionFailed) return { failed: error.current };
    if (error instanceof TransactionRefused) return { refused: error.refusals, contended: error.contended };
    return { malformed: String(error) };
  }
}

/** The words of a refusal are each store's own. */
const same = (a: Outcome, b: Outcome) => ('malformed' in a && 'malformed' in b) || isDeepStrictEqual(a, b);

/** Runs a history on a memory store and on the database, in the partitions of `prefix`; throws at the first difference. */
export async function compare(
  database: { client: DynamoDBClient; tableName: string },
  history: readonly Make<Call>[],
  options: { prefix: string; known: readonly Difference[]; compared: Compared },
): Promise<void> {
  const { prefix, known, compared } = options;
  const [here, there]: [Consumed[], Consumed[]] = [[], []];
  const memory: Reader = {
    store: createMemoryStore({ clock: { now: () => 0 }, meter: (cost) => here.push(cost), open: 100 }),
  };
  const aws: Reader = { store: createAwsStore({ ...database, meter: (cost) => there.push(cost) }) };
  for (const call of history.map((make) => make(prefix))) {
    const ours = await outcome(memory, call, here);
    const theirs = await outcome(aws, call, there);
    tally(compared, call, theirs);
    if (same(ours, theirs)) continue;
    const difference = known.find(({ isIt }) => isIt(call, ours, theirs));
    if (!difference) throw new Error(told(call, ours, theirs));
    compared.known[difference.name] = (compared.known[difference.name] ?? 0) + 1;
    return;
  }
  for (const query of wholes(prefix)) {
    const [ours, theirs] = [await everything(memory.store, query), await everything(aws.store, query)];
    const at = Math.max(ours.length, theirs.length);
    for (let n = 0; n < at; n += 1) {
      if (isDeepStrictEqual(ours[n], theirs[n])) continue;
      throw new Error(
        `In the end ${short(query)} differs at ${n}.\n  memory   ${short(ours[n])}\n  database ${short(theirs[n])}`,
      );
    }
  }
}

/** All that a history can have left behind, in the table and in the indexes. */
const wholes = (prefix: string): Query[] => [
  { partition: `${prefix}#p` },
  { partition: `${prefix}#q` },
  { partition: `${prefix}#p`, index: 'byMetricTime' },
  { partition: `${prefix}#g`, index: 'feed' },
  { partition: `${prefix}#h`, index: 'feed', newestFirst: true },
];

function tally(compared: Compared, call: Call, outcome: Outcome): void {
  const kind = Object.keys(call)[0] ?? '';
  compared.calls[kind] = (compared.calls[kind] ?? 0) + 1;
  if ('failed' in outcome || 'refused' in outcome) compared.refused += 1;
  if ('malformed' in outcome) compared.malformed += 1;
  if ('answer' in outcome && Array.isArray(outcome.answer) && ('query' in call || 'goOn' in call))
    compared.pages += outcome.answer.length;
}

const longest = 1500;

/** A value as one line that can be read. */
export const short = (value: unknown) => {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' && part.length > 200 ? `${part.slice(0, 20)}… (${part.length} characters)` : part,
  );
  return text.slice(0, longest);
};

const told = (call: Call, ours: Outcome, theirs: Outcome) =>
  `The stores differ.\n  call     ${short(call)}\n  memory   ${short(ours)}\n  database ${short(theirs)}`;
