// millrace export: profiles to a CSV file. The properties that there are make the columns, so profiles are first spooled
// beside the file, then written.
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { UsageError } from '../usage-error.ts';
import { type Api, groupNamed, profilesAt } from './api.ts';
import { guarded } from './cell.ts';
import { type ProfileData, fieldColumns, headerOf, lineOf, propertiesOf } from './columns.ts';

export interface ExportJob {
  file: string;
  list?: string | undefined;
  segment?: string | undefined;
  /** Told how far it came. */
  progress: (text: string) => void;
}

/** Writes the profiles of the account, or of a list or segment, to the file; answers what to print. */
export async function exportProfiles(api: Api, { file, list, segment, progress }: ExportJob): Promise<string> {
  const path = await pathOf(api, { list, segment });
  const [spool, unfinished] = [`${file}.spool`, `${file}.unfinished`];
  const names = new Set<string>();
  let count = 0;
  async function* lines() {
    for await (const profiles of profilesAt(api, path)) {
      for (const profile of profiles) for (const name of Object.keys(propertiesOf(profile))) names.add(name);
      count += profiles.length;
      progress(`${count} profiles`);
      yield profiles.map((profile) => `${JSON.stringify(profile)}\n`).join('');
    }
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(spool));
    await pipeline(Readable.from(cellsIn(spool, [...names].sort())), stringify(), createWriteStream(unfinished));
    await rename(unfinished, file);
  } finally {
    await Promise.all([spool, unfinished].map((one) => rm(one, { force: true })));
  }
  return `${count} profiles are in ${file}.`;
}

async function pathOf(api: Api, { list, segment }: Pick<ExportJob, 'list' | 'segment'>): Promise<string> {
  if (list !== undefined && segment !== undefined) throw new UsageError('Name a list or a segment, not both.');
  if (list === undefined && segment === undefined) return '/api/profiles';
  const kind = list === undefined ? 'segments' : 'lists';
  const name = list ?? segment ?? '';
  const id = await groupNamed(api, kind, name);
  if (id === undefined) throw new UsageError(`There is no ${kind.slice(0, -1)} called "${name}".`);
  return `/api/${kind}/${id}/profiles`;
}

/** The lines of the file, cell by cell, the header first. */
async function* cellsIn(spool: string, properties: readonly string[]): AsyncGenerator<string[]> {
  yield [...fieldColumns, ...properties.map(headerOf)].map(guarded);
  for await (const line of createInterface({ input: createReadStream(spool), crlfDelay: Infinity })) {
    yield lineOf(JSON.parse(line) as ProfileData, properties).map(guarded);
  }
}
