// A document laid by in parts: each item lies in the part that its id belongs to, so that one part at a time can be
// compared with what was made of it before. What a try that died laid by is read by nobody.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { feedPartOf, feedParts } from '../../storage/patterns.ts';
import type { Fault, FeedRow } from './row.ts';

/** An object of the document: its place in it, from 0, and what it says. */
export interface Placed {
  place: number;
  row: FeedRow | Fault;
}

/** The run and the try of it that laid the document by. */
export interface Laid {
  run: string;
  attempt: string;
}

const folder = (account: AccountId, { run, attempt }: Laid) => `${account}/catalog-feeds/${run}/${attempt}`;
const fileOf = (account: AccountId, laid: Laid, part: number, n: number) => `${folder(account, laid)}/${part}-${n}`;
const indexOf = (account: AccountId, laid: Laid) => `${folder(account, laid)}/parts`;

/** Characters that are held before they are laid by. */
const mostHeld = 8_000_000;

/** Takes objects one by one; `flush` lays by what has come together, `finish` all that is left. */
export function createParts({ files }: Pick<Ports, 'files'>, account: AccountId, laid: Laid) {
  const lines: string[][] = Array.from({ length: feedParts }, () => []);
  const written = lines.map(() => 0);
  let held = 0;
  let count = 0;

  async function layBy(): Promise<void> {
    held = 0;
    await inParallel(lines, 8, async (some, part) => {
      if (some.length === 0) return;
      const body = some.splice(0).join('\n');
      const n = written[part] ?? 0;
      written[part] = n + 1;
      await files.put(fileOf(account, laid, part, n), body);
    });
  }

  return {
    take(row: FeedRow | Fault): void {
      const line = JSON.stringify({ place: count, row } satisfies Placed);
      count += 1;
      held += line.length;
      lines[feedPartOf(row.id ?? '')]?.push(line);
    },
    flush: async () => (held > mostHeld ? layBy() : undefined),
    /** Answers how many objects there were. */
    async finish(): Promise<number> {
      await layBy();
      await files.put(indexOf(account, laid), JSON.stringify(written));
      return count;
    },
  };
}

async function numbersOf({ files }: Pick<Ports, 'files'>, account: AccountId, laid: Laid): Promise<number[]> {
  const text = await files.get(indexOf(account, laid));
  if (text === undefined) throw new Error(`The document of run ${laid.run} is gone.`);
  return JSON.parse(text) as number[];
}

/** The objects of one part in the order of the document. */
export async function readPart(ports: Pick<Ports, 'files'>, account: AccountId, laid: Laid, part: number) {
  const objects: Placed[] = [];
  const numbers = await numbersOf(ports, account, laid);
  for (let n = 0; n < (numbers[part] ?? 0); n += 1) {
    const text = await ports.files.get(fileOf(account, laid, part, n));
    if (text === undefined) throw new Error(`A part of the document of run ${laid.run} is gone.`);
    for (const line of text.split('\n')) objects.push(JSON.parse(line) as Placed);
  }
  return objects;
}

/** Removes a document that was applied; what a crash leaves goes by the bucket's rule. */
export async function removeParts(ports: Pick<Ports, 'files'>, account: AccountId, laid: Laid): Promise<void> {
  const text = await ports.files.get(indexOf(account, laid));
  if (text === undefined) return;
  const names = (JSON.parse(text) as number[]).flatMap((count, part) =>
    Array.from({ length: count }, (_, n) => fileOf(account, laid, part, n)),
  );
  await inParallel(names, 8, (name) => ports.files.remove(name));
  await ports.files.remove(indexOf(account, laid));
}
