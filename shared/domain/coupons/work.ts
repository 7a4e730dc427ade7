// Works on the jobs that make codes.
import { type JobWorker, applyRows, inputOf, workOnJob } from '../jobs/index.ts';
import { type NewCode, aboutNewCode, createCode } from './codes.ts';

const work: JobWorker = (ports, account, turn) =>
  workOnJob(ports, account, { ...turn, type: 'coupon-code-bulk-create' }, async (job) => {
    const { rows } = (await inputOf(ports, job)) as { rows: readonly NewCode[] };
    return applyRows(ports, account, job, {
      rows,
      about: aboutNewCode,
      pointer: (row) => `/data/attributes/coupon-codes/data/${row}`,
      apply: (row, once) => createCode(ports, account, row, [once]),
    });
  });

export const couponWorkers = { 'coupon-code-bulk-create': work };
