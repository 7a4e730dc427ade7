// Works on the bulk jobs of the catalog.
import type { CatalogJobType } from '../../storage/items.ts';
import { type JobWorker, applyRows, inputOf, workOnJob } from '../jobs/index.ts';
import { everyJob, names, ways } from './bulk-rows.ts';

const workerOf =
  ({ kind, how, type }: (typeof everyJob)[number]): JobWorker =>
  (ports, account, turn) =>
    workOnJob(ports, account, { ...turn, type }, async (job) => {
      const { rows } = (await inputOf(ports, job)) as { rows: readonly never[] };
      const { about, apply } = ways[kind][how];
      const pointer = (row: number) => `/data/attributes/${names[kind].many}/data/${row}`;
      return applyRows(ports, account, job, {
        rows,
        about,
        pointer,
        apply: (row, once) => apply(ports, account, row, [once]),
      });
    });

/** Works on the catalog's jobs. */
export const catalogWorkers = Object.fromEntries(everyJob.map((one) => [one.type, workerOf(one)])) as Readonly<
  Record<CatalogJobType, JobWorker>
>;
