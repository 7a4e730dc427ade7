// millrace import --suppress: the addresses that an earlier provider must not write to any more, by suppression jobs.
// Suppressing twice is suppressing once, so that what was interrupted is simply run again.
import { writeFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { normaliseEmail } from '../../../shared/domain/identity/index.ts';
import { UsageError } from '../usage-error.ts';
import type { Api } from './api.ts';
import { guarded } from './cell.ts';
import { columnsOf, reasonColumn } from './columns.ts';
import { rejectedFileOf, toldOfRejected } from './import.ts';
import { linesOf, surveyed } from './read.ts';

export interface SuppressCommand {
  file: string;
  /** Column names of the file, and what to take them for. */
  renamed: ReadonlyMap<string, string>;
  /** Told how far it came. */
  progress: (text: string) => void;
}

const type = 'profile-suppression-bulk-create-job';
/** As many as one job takes. */
const addressesPerJob = 100;

/**
 * Has every address in the column `email` suppressed, as USER_SUPPRESSED; answers what to print. Makes no profiles: a
 * suppression belongs to the address. Throws UsageError before anything is sent when the file is no CSV or has no such column.
 */
export async function suppressAddresses(api: Api, { file, renamed, progress }: SuppressCommand): Promise<string> {
  const { headers, rows } = await surveyed(file);
  const place = columnsOf(headers, renamed).findIndex((one) => one.is === 'attribute' && one.name === 'email');
  if (place < 0) throw new UsageError(`${file} has no column email; --map COLUMN=email says which one it is.`);
  const rejected: string[][] = [];
  let waiting: string[] = [];
  let sent = 0;
  const send = async () => {
    if (waiting.length === 0) return;
    await suppress(api, waiting);
    sent += waiting.length;
    waiting = [];
    progress(`${sent} of ${rows} addresses, ${rejected.length} rejected`);
  };
  let isHeader = true;
  for await (const cells of linesOf(file)) {
    const address = normaliseEmail(cells[place] ?? '');
    if (isHeader) isHeader = false;
    else if (address === undefined) rejected.push([...cells, 'This is no email address.']);
    else waiting.push(address);
    if (waiting.length === addressesPerJob) await send();
  }
  await send();
  if (rejected.length > 0) await writeRejected(file, headers, rejected);
  return `${sent} of ${rows} addresses are being suppressed.${await toldOfRejected(file, rejected.length)}`;
}

async function suppress(api: Api, addresses: readonly string[]): Promise<void> {
  const data = addresses.map((email) => ({ type: 'profile', attributes: { email } }));
  await api.call('POST', `/api/${type}s`, { data: { type, attributes: { profiles: { data } } } });
}

async function writeRejected(file: string, headers: readonly string[], rejected: string[][]): Promise<void> {
  const rows = [[...headers, reasonColumn], ...rejected];
  await writeFile(rejectedFileOf(file), stringify(rows.map((cells) => cells.map(guarded))));
}
