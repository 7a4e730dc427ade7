// millrace import: a CSV file to profiles, by bulk import jobs one after the other. What was interrupted goes on with the
// job it was at; a job that is sent twice changes nothing twice.
import { appendFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { UsageError } from '../usage-error.ts';
import { type Api, everyPage, groupNamed } from './api.ts';
import { guarded } from './cell.ts';
import { type Column, type ProfileData, columnsOf, profileOf, reasonColumn } from './columns.ts';
import { linesOf, surveyed } from './read.ts';
import { type ImportState, keepState, stateFileOf, stateOf } from './state.ts';

export interface ImportCommand {
  file: string;
  url: string;
  list?: string | undefined;
  /** Column names of the file, and what to take them for. */
  renamed: ReadonlyMap<string, string>;
  /** Rows of one job at most. */
  rowsPerJob?: number;
  /** Told how far it came. */
  progress: (text: string) => void;
}

/** A line of the file that a job may hold, or why it may not. */
interface Line {
  cells: string[];
  profile?: ProfileData;
  reason?: string;
}

const jobs = '/api/profile-bulk-import-jobs';
/** Bytes of JSON: below what a request may have, with room for what stands around the profiles. */
const largestJob = 4_500_000;
const largestProfile = 100 * 1024;

/** `people.rejected.csv` beside `people.csv`. */
export const rejectedFileOf = (file: string) => `${file.replace(/\.csv$/i, '')}.rejected.csv`;

/** Imports the file; answers what to print. Throws UsageError when it is no CSV, before anything is sent. */
export async function importProfiles(api: Api, command: ImportCommand): Promise<string> {
  const { file, url, list, renamed, rowsPerJob = 10_000, progress } = command;
  const { headers, rows, digest } = await surveyed(file);
  const columns = columnsOf(headers, renamed);
  const listId = list === undefined ? undefined : await listNamed(api, list);
  const fresh = { digest, url, list: listId, done: 0, rejected: 0, rejectedBytes: 0 };
  let state = await stateOf(file, fresh);
  await startRejected(file, headers, state);
  for await (const lines of batchesOf(file, columns, { done: state.done, rowsPerJob })) {
    state = await runBatch(api, file, state, lines);
    progress(`${state.done} of ${rows} rows, ${state.rejected} rejected`);
  }
  await rm(stateFileOf(file), { force: true });
  return `${rows - state.rejected} of ${rows} rows are imported.${await toldOfRejected(file, state.rejected)}`;
}

/** What to print of so many rejected rows; without any their file goes. */
export async function toldOfRejected(file: string, count: number): Promise<string> {
  const path = rejectedFileOf(file);
  if (count > 0) return ` ${count} rows were rejected: ${path} says why.`;
  await rm(path, { force: true });
  return '';
}

/** The list with this name; made when there is none. */
async function listNamed(api: Api, name: string): Promise<string> {
  const body = { data: { type: 'list', attributes: { name, opt_in_process: 'single_opt_in' } } };
  return (await groupNamed(api, 'lists', name)) ?? (await api.call<{ id: string }>('POST', '/api/lists', body)).data.id;
}

/** Brings the file of rejected lines to where the state has it. */
async function startRejected(file: string, headers: readonly string[], state: ImportState): Promise<void> {
  const path = rejectedFileOf(file);
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (state.done > 0 && size >= state.rejectedBytes) return truncate(path, state.rejectedBytes);
  if (state.done > 0) throw new UsageError(`${path} is gone, or shorter than the interrupted import left it.`);
  const header = stringify([[...headers.filter((one) => one !== reasonColumn), reasonColumn].map(guarded)]);
  await writeFile(path, header);
  state.rejectedBytes = Buffer.byteLength(header);
}

/** The lines after the first `done`, in batches that fit in one job each. The same file makes the same batches. */
async function* batchesOf(
  file: string,
  columns: readonly Column[],
  { done, rowsPerJob }: { done: number; rowsPerJob: number },
): AsyncGenerator<Line[]> {
  let batch: Line[] = [];
  let size = 0;
  let place = -1;
  for await (const cells of linesOf(file)) {
    place += 1;
    if (place <= done) continue;
    const line = lineOf(columns, cells);
    const bytes = line.profile ? Buffer.byteLength(JSON.stringify(line.profile)) : 0;
    if (batch.length === rowsPerJob || (batch.length > 0 && size + bytes > largestJob)) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(line);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}

function lineOf(columns: readonly Column[], cells: string[]): Line {
  if (cells.length !== columns.length) {
    return { cells, reason: `The row has ${cells.length} cells, the first line has ${columns.length}.` };
  }
  const profile = profileOf(columns, cells);
  const bytes = Buffer.byteLength(JSON.stringify(profile.attributes));
  if (bytes > largestProfile - 100) return { cells, reason: 'A profile may have 100 KB.' };
  return { cells, profile };
}

/** Sends a batch (unless that was done before the interruption), waits for its job, notes its rejected lines. */
async function runBatch(api: Api, file: string, before: ImportState, lines: readonly Line[]): Promise<ImportState> {
  const sent = lines.filter((line) => line.profile !== undefined);
  const { job, ...rest } = before;
  if (sent.length > 0) {
    const id = (await jobAt(api, job)) ?? (await sendJob(api, sent, before.list));
    await keepState(file, { ...rest, job: id });
    await finished(api, id);
    for await (const errors of everyPage<ImportError>(api, `${jobs}/${id}/import-errors?page[size]=100`)) {
      for (const { attributes } of errors) {
        const line = sent[Number(/\/profiles\/data\/(\d+)/.exec(attributes.source.pointer)?.[1])];
        if (line) line.reason = attributes.detail;
      }
    }
  }
  const rejected = lines.filter((line) => line.reason !== undefined);
  const text = stringify(rejected.map(({ cells, reason = '' }) => [...cells, reason].map(guarded)));
  await appendFile(rejectedFileOf(file), text);
  const state = {
    ...rest,
    done: rest.done + lines.length,
    rejected: rest.rejected + rejected.length,
    rejectedBytes: rest.rejectedBytes + Buffer.byteLength(text),
  };
  await keepState(file, state);
  return state;
}

interface ImportError {
  attributes: { detail: string; source: { pointer: string } };
}

interface Job {
  id: string;
  attributes: { status: string };
}

/** The job that an interrupted run had sent, unless it is gone by now. */
async function jobAt(api: Api, id: string | undefined): Promise<string | undefined> {
  return id === undefined ? undefined : (await api.find<Job>(`${jobs}/${id}`))?.data.id;
}

async function sendJob(api: Api, lines: readonly Line[], list: string | undefined): Promise<string> {
  const body = {
    data: {
      type: 'profile-bulk-import-job',
      attributes: { profiles: { data: lines.map(({ profile }) => profile) } },
      ...(list !== undefined && { relationships: { lists: { data: [{ type: 'list', id: list }] } } }),
    },
  };
  return (await api.call<Job>('POST', jobs, body)).data.id;
}

const longestPause = 5000;

async function finished(api: Api, id: string): Promise<void> {
  for (let wait = 100; ; wait = Math.min(wait * 1.5, longestPause)) {
    const { status } = (await api.call<Job>('GET', `${jobs}/${id}`)).data.attributes;
    if (status === 'complete') return;
    if (status === 'cancelled') throw new UsageError(`The job ${id} was cancelled.`);
    await pause(wait);
  }
}
