import type { DynamoDBRecord } from 'aws-lambda';
import { shardOf } from '../../shared/kernel/ids.ts';
import { type Instant, hour } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import { type Followed, followedBy } from '../../shared/storage/followed.ts';
import type { Change } from '../../shared/storage/store.ts';
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import { streamRecord } from './events.ts';
import { failuresOf, type GivenUp, type Invoke, type Source } from './source.ts';

/** A record of the stream as it waits for its function: what is given up when that cannot do it for too long. */
export interface Entry<Work> {
  work: Work;
  sequence: string;
  /** When the change was made. */
  at: Instant;
}

export interface Lanes<Work> {
  sources: readonly Source[];
  /** Takes in a record of the partition key `pk`. */
  push(pk: string, entry: Entry<Work>): void;
  /** How many records have not been followed up. */
  waiting(): number;
}

export interface StreamSources {
  sources: readonly Source[];
  /** Takes in a change that the store has just made. */
  push(change: StreamedChange): void;
  /** How many changes have not been followed up. */
  waiting(): number;
}

interface LaneOptions<Work> {
  clock: Clock;
  batch: number;
  hours: number;
  invoke: Invoke;
  /** As the function is handed it: made when it is, since what waits takes less. */
  recordOf: (entry: Entry<Work>) => DynamoDBRecord;
  giveUp: (work: Work) => void;
}

/** Milliseconds before a failed batch is tried again: 100, doubling, at most a minute. */
const backoff = (failures: number): number => Math.min(60_000, 100 * 2 ** Math.min(failures - 1, 20));

/**
 * Changes of some partition keys, handed over in order. A failed batch comes again from its first failed record, half
 * as long; a record that fails alone is given up when it is older than `hours`.
 */
function lane<Work>({ clock, batch, hours, invoke, recordOf, giveUp }: LaneOptions<Work>) {
  const waiting: Entry<Work>[] = [];
  let busy = false;
  let size = batch;
  let failures = 0;
  let retryAt: Instant = 0;

  function settle(done: number): void {
    waiting.splice(0, done);
    if (done > 0) [size, failures] = [batch, 0];
  }

  function fail(length: number): void {
    failures += 1;
    size = Math.max(1, Math.ceil(length / 2));
    retryAt = clock.now() + backoff(failures);
    const [head] = waiting;
    if (length > 1 || !head || clock.now() < head.at + hours * hour) return;
    giveUp(head.work);
    settle(1);
    retryAt = 0;
  }

  async function work(entries: readonly Entry<Work>[]): Promise<void> {
    const sequences = entries.map((entry) => entry.sequence);
    const event = { Records: entries.map(recordOf) };
    const failed = await invoke(event).then(
      (answer) => failuresOf(answer, sequences),
      () => sequences,
    );
    // A failure that names no record of the batch counts for its first.
    const places = failed.map((sequence) => Math.max(0, sequences.indexOf(sequence)));
    const first = Math.min(entries.length, ...places);
    settle(first);
    if (first < entries.length) fail(entries.length - first);
  }

  const source: Source = {
    next() {
      if (busy || waiting.length === 0 || retryAt > clock.now()) return undefined;
      busy = true;
      const entries = waiting.slice(0, size);
      return async () => work(entries).finally(() => (busy = false));
    },
    dueAt: () => (waiting.length > 0 ? retryAt : undefined),
  };
  return { source, push: (entry: Entry<Work>) => void waiting.push(entry), waiting: () => waiting.length };
}

/** A shard of a stream, read in `parallel` lanes: records of one partition key stay in order. */
export function createLanes<Work>(options: LaneOptions<Work> & { parallel: number }): Lanes<Work> {
  const { parallel } = options;
  const lanes = Array.from({ length: parallel }, () => lane(options));
  return {
    sources: lanes.map(({ source }) => source),
    push: (pk, entry) => lanes[shardOf(pk, parallel)]?.push(entry),
    waiting: () => lanes.reduce((sum, one) => sum + one.waiting(), 0),
  };
}

/** The stream of the local table: one shard, read in `parallel` lanes: changes of one partition key stay in order. */
export function streamSources(options: {
  clock: Clock;
  name: string;
  follows: readonly Followed[];
  batch: number;
  parallel: number;
  hours: number;
  invoke: Invoke;
  givenUp: GivenUp[];
}): StreamSources {
  const { clock, name, givenUp } = options;
  const giveUp = (work: Change) => void givenUp.push({ function: name, at: clock.now(), work });
  const isFollowed = followedBy(options.follows);
  const recordOf = ({ work, sequence }: Entry<Change>) => streamRecord(work, sequence);
  const lanes = createLanes({ ...options, recordOf, giveUp });
  return {
    ...lanes,
    push(change) {
      const item = change.after ?? change.before;
      if (!item || !isFollowed(change)) return;
      const sequence = String(change.sequence).padStart(21, '0');
      lanes.push(item.pk, { work: change, sequence, at: change.at });
    },
  };
}
