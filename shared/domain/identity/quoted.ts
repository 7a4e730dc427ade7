// Errors of jobs quote the rows that were refused, and rows speak of people: who is forgotten has to go from there too. Each
// error is noted under the keyed hash of every identifier that its row names, where forgetting finds it.
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ErasedItem, JobErrorItem, JobItem, ProfileItem, QuotedItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import { jobErrorKey, quotedIn, quotedKey } from '../../storage/patterns.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import type { Key, Put } from '../../storage/store.ts';
import { profileOfToken } from './exchange.ts';
import { type Name, forgottenAt, forgottenKeys } from './forget.ts';
import { precedence } from './input.ts';
import { normalise } from './normalise.ts';
import { heldBy } from './write.ts';

/** A refused row of a job. */
interface Refused {
  row: number;
  /** The row as it was sent; a JSON value. */
  payload: unknown;
}

/** Where it is noted which errors of jobs quote a person: one place for the id and each identifier of the profile. */
export function quotedPlaces(ports: Ports, account: AccountId, profile: ProfileItem): Promise<Pick<Key, 'pk'>[]> {
  return forgottenKeys(ports, account, [{ kind: 'id', value: profile.id }, ...heldBy(profile)]);
}

/** The notes of whom refused rows quote; to be written with the errors. */
export async function quotesOf(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  rows: readonly Refused[],
): Promise<Put[]> {
  const notes = rows.map(async ({ row, payload }) => {
    const keys = await forgottenKeys(ports, account, await namesIn(ports, account, payload));
    return keys.map((key): Put => {
      const { type, id, created: told, expires } = job;
      const note: QuotedItem = { ...quotedKey(key, job, row), kind: 'quoted', type, id, row, told, expires };
      return { put: note };
    });
  });
  return (await Promise.all(notes)).flat();
}

/**
 * Scrubs the errors of rows about people who were forgotten after the job was accepted. Called when errors and notes are
 * written: whoever is forgotten later is found by the notes, whoever was forgotten before is found here.
 */
export async function scrubForgotten(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  rows: readonly Refused[],
): Promise<void> {
  await Promise.all(
    rows.map(async ({ row, payload }) => {
      const at = await forgottenAt(ports, account, await namesIn(ports, account, payload));
      if (at !== undefined && at >= instantOf(job.created)) await scrub(ports, account, { ...job, row });
    }),
  );
}

/** Scrubs every error that quotes somebody who was forgotten, and removes the notes. */
export async function scrubQuotes(ports: Ports, account: AccountId, { at, quotes = [] }: ErasedItem): Promise<void> {
  for (const pk of quotes) {
    for await (const { items } of pagesOf(ports.store, quotedIn({ pk }))) {
      // What somebody who came back is quoted in stays.
      const old = items.filter(({ told }) => told <= at);
      await Promise.all(old.map((note) => scrub(ports, account, note)));
      await ports.store.writeMany(old.map(({ sk }) => ({ remove: { pk, sk } })));
    }
  }
}

const scrubbed = { payload: '{}', detail: 'The person of this row was forgotten.' };

/** True of an error whose person was forgotten. */
export const isScrubbed = ({ payload, detail }: Pick<JobErrorItem, 'payload' | 'detail'>): boolean =>
  payload === scrubbed.payload && detail === scrubbed.detail;

/** What went wrong stays, whose row it was does not. */
async function scrub(ports: Ports, account: AccountId, note: Pick<QuotedItem, 'type' | 'id' | 'row'>): Promise<void> {
  await writeIfStill(ports.store, {
    update: jobErrorKey(account, note, note.row),
    set: scrubbed,
    if: { present: true },
  });
}

/** By what a row names people: identifiers that anybody could hold, ids and exchange tokens, wherever they stand in it. */
async function namesIn(ports: Ports, account: AccountId, row: unknown): Promise<Name[]> {
  const names = await Promise.all(
    textsIn(row).map(async ([field, text]): Promise<Name | undefined> => {
      if (field === 'id') return { kind: 'id', value: text };
      if (field === '_kx') {
        const id = await profileOfToken(ports, account, text);
        return id === undefined ? undefined : { kind: 'id', value: id };
      }
      const kind = precedence.find((one) => one === field);
      const value = kind && normalise(kind, text);
      return kind === undefined || value === undefined ? undefined : { kind, value };
    }),
  );
  return names.filter((name) => name !== undefined);
}

/** The texts of a JSON value with the names of their fields; custom properties are no identifiers. */
function textsIn(value: unknown, field = ''): [field: string, text: string][] {
  if (typeof value === 'string') return [[field, value]];
  if (Array.isArray(value)) return value.flatMap((one) => textsIn(one, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'properties' ? [] : textsIn(inner, name)));
}
