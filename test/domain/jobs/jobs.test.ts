import { describe, expect, it } from 'vitest';
import {
  type NewJob,
  type Stretch,
  createJob,
  errorsOfJob,
  inputOf,
  listJobs,
  readJob,
  recordErrors,
  rowError,
  workOnJob,
} from '../../../shared/domain/jobs/index.ts';
import { refuse } from '../../../shared/kernel/errors.ts';
import { day, minute, second } from '../../../shared/kernel/time.ts';
import { type Setting, setting } from '../setting.ts';

const type = 'subscribe';
const called = 'job';
const job = (rest: Partial<NewJob> = {}): NewJob => ({ type, total: 2, input: { rows: ['a', 'b'] }, ...rest });

const read = ({ ports, account }: Setting, id: string) => readJob(ports, account, { type, id, called });

/** One turn of a job whose stretch is told. */
const turn = ({ ports, account }: Setting, at: { id: string; cursor?: string }, stretch: Stretch) =>
  workOnJob(ports, account, { type, ...at }, () => Promise.resolve(stretch));

describe('a job', () => {
  it('waits with what it works on, then is complete and has it no longer', async () => {
    const s = await setting();
    const { id } = await createJob(s.ports, s.account, job({ list: 'LIST01' }));
    const queued = await read(s, id);
    expect(queued).toMatchObject({ status: 'queued', total: 2, completed: 0, failed: 0, skipped: 0, list: 'LIST01' });
    expect(await inputOf(s.ports, queued)).toEqual({ rows: ['a', 'b'] });
    s.clock.advance(minute);
    await workOnJob(s.ports, s.account, { type, id }, async () => {
      expect(await read(s, id)).toMatchObject({ status: 'processing', started: '2026-01-01T00:01:00.000Z' });
      s.clock.advance(minute);
      return { completed: 1, failed: 0, skipped: 1 };
    });
    const over = await read(s, id);
    expect(over).toMatchObject({ status: 'complete', completed: 1, skipped: 1, finished: '2026-01-01T00:02:00.000Z' });
    expect(over.body).toBeUndefined();
    await expect(inputOf(s.ports, over)).rejects.toThrow(id);
  });

  it('keeps a large input in a file, which goes with the end of the job, also when that was missed once', async () => {
    const s = await setting();
    const input = { rows: ['x'.repeat(5000)] };
    const made = await createJob(s.ports, s.account, job({ input }));
    expect(made.body).toBeUndefined();
    expect(await inputOf(s.ports, made)).toEqual(input);
    const forgetful = { ...s.ports, files: { ...s.ports.files, remove: () => Promise.reject(new Error('gone')) } };
    const work = () => Promise.resolve({ completed: 1, failed: 0 });
    await expect(workOnJob(forgetful, s.account, { type, id: made.id }, work)).rejects.toThrow('gone');
    expect(await s.ports.files.get(made.file ?? '')).toBeDefined();
    await turn(s, { id: made.id }, { completed: 1, failed: 0 });
    expect(await s.ports.files.get(made.file ?? '')).toBeUndefined();
    expect(await read(s, made.id)).toMatchObject({ status: 'complete', completed: 1 });
  });

  it('goes from cursor to cursor and adds up what its stretches did', async () => {
    const s = await setting();
    const { id } = await createJob(s.ports, s.account, job({ total: 0 }));
    await turn(s, { id }, { cursor: 'b', total: 5, completed: 2, failed: 1 });
    expect(await read(s, id)).toMatchObject({ status: 'processing', cursor: 'b', total: 5, completed: 2, failed: 1 });
    await turn(s, { id, cursor: 'b' }, { completed: 2, failed: 0 });
    expect(await read(s, id)).toMatchObject({ status: 'complete', completed: 4, failed: 1 });
  });

  it('counts a stretch once, however often its message comes', async () => {
    const s = await setting();
    const { id } = await createJob(s.ports, s.account, job());
    const first = { cursor: 'b', completed: 1, failed: 0 };
    await workOnJob(s.ports, s.account, { type, id }, async () => {
      await turn(s, { id }, first);
      return first;
    });
    await turn(s, { id }, first);
    expect(await read(s, id)).toMatchObject({ cursor: 'b', completed: 1 });
    await turn(s, { id, cursor: 'b' }, { completed: 1, failed: 0 });
    await turn(s, { id, cursor: 'b' }, { completed: 1, failed: 0 });
    expect(await read(s, id)).toMatchObject({ status: 'complete', completed: 2 });
  });

  it('stays where it is when a stretch fails', async () => {
    const s = await setting();
    const { id } = await createJob(s.ports, s.account, job());
    const fails = () => Promise.reject(new Error('down'));
    await expect(workOnJob(s.ports, s.account, { type, id }, fails)).rejects.toThrow('down');
    expect(await read(s, id)).toMatchObject({ status: 'processing', completed: 0 });
    await turn(s, { id }, { completed: 2, failed: 0 });
    expect(await read(s, id)).toMatchObject({ status: 'complete', completed: 2 });
  });

  it('is gone after seven days: nobody finds it, nothing works on it', async () => {
    const s = await setting();
    const { id } = await createJob(s.ports, s.account, job());
    s.clock.advance(7 * day);
    await expect(read(s, id)).rejects.toThrow(`A job with id ${id} does not exist.`);
    expect((await listJobs(s.ports, s.account, type, { filters: [], page: { size: 10 } })).jobs).toEqual([]);
    const work = () => Promise.reject(new Error('worked'));
    await workOnJob(s.ports, s.account, { type, id }, work);
    s.store.expire(s.clock.now());
    expect(s.store.dump().filter(({ kind }) => kind === 'job')).toEqual([]);
  });
});

describe('jobs of a type', () => {
  const ids = async (s: Setting, query: Partial<Parameters<typeof listJobs>[3]>) => {
    const found: string[][] = [];
    let position: string | undefined;
    do {
      const page = { size: 2, ...(position !== undefined && { position }) };
      const { jobs, next } = await listJobs(s.ports, s.account, type, { filters: [], ...query, page });
      found.push(jobs.map(({ id }) => id));
      position = next;
    } while (position !== undefined);
    return found;
  };

  async function five(s: Setting): Promise<string[]> {
    const made: string[] = [];
    for (const list of ['L1', 'L2', 'L1', 'L2', 'L1']) {
      made.push((await createJob(s.ports, s.account, job({ list, segment: `S${made.length}` }))).id);
      s.clock.advance(second);
    }
    await createJob(s.ports, s.account, job({ type: 'unsubscribe' }));
    return made;
  }

  it('are listed in pages, newest first or oldest first', async () => {
    const s = await setting();
    const [a, b, c, d, e] = await five(s);
    expect(await ids(s, {})).toEqual([[e, d], [c, b], [a]]);
    expect(await ids(s, { sort: { field: 'created_at', descending: false } })).toEqual([[a, b], [c, d], [e]]);
  });

  it('are filtered by status, list and segment', async () => {
    const s = await setting();
    const [a, b, c, d = '', e] = await five(s);
    await turn(s, { id: d }, { completed: 2, failed: 0 });
    const filter = (field: string, ...values: string[]) => ({ filters: [{ field, operator: 'any' as const, values }] });
    expect(await ids(s, filter('status', 'complete'))).toEqual([[d]]);
    expect(await ids(s, filter('status', 'queued', 'processing'))).toEqual([
      [e, c],
      [b, a],
    ]);
    expect(await ids(s, filter('list_id', 'L1'))).toEqual([[e, c], [a]]);
    expect(await ids(s, filter('segment_id', 'S1'))).toEqual([[b]]);
    expect(await ids(s, filter('list_id', 'L3'))).toEqual([[]]);
  });
});

describe('the errors of a job', () => {
  const refusal = (row: number, detail: string) =>
    rowError(refuse('invalid', detail), { row, pointer: `/rows/${row}`, payload: { row } });
  const details = async (s: Setting, item: Awaited<ReturnType<typeof createJob>>) =>
    (await errorsOfJob(s.ports, s.account, item, { size: 100 })).errors.map(({ detail }) => detail);

  it('say what was wrong with which row, in pages', async () => {
    const s = await setting();
    const item = await createJob(s.ports, s.account, job());
    const errors = Array.from({ length: 5 }, (_, row) => refusal(row * 10, `row ${row}`));
    await recordErrors(s.ports, s.account, item, { from: 0, to: 99, errors });
    const first = await errorsOfJob(s.ports, s.account, item, { size: 3 });
    expect(first.errors).toEqual(errors.slice(0, 3));
    expect(first.errors[0]).toMatchObject({ code: 'invalid', title: 'Invalid input.', pointer: '/rows/0' });
    const second = await errorsOfJob(s.ports, s.account, item, { size: 3, position: first.next ?? '' });
    expect(second).toEqual({ errors: errors.slice(3) });
  });

  it('of rows that are tried again are those of the last try', async () => {
    const s = await setting();
    const item = await createJob(s.ports, s.account, job());
    const record = (from: number, to: number, ...errors: ReturnType<typeof refusal>[]) =>
      recordErrors(s.ports, s.account, item, { from, to, errors });
    await record(0, 9, refusal(3, 'stays'), refusal(9, 'stays too'));
    await record(10, 19, refusal(10, 'first'), refusal(12, 'first'));
    await record(10, 19, refusal(12, 'second'));
    expect(await details(s, item)).toEqual(['stays', 'stays too', 'second']);
  });
});
