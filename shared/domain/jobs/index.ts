export { type BulkJobs, bulkJobOperations } from './bulk-operations.ts';
export { bulkJobDocument, bulkJobResource } from './bulk-resource.ts';
export { type NewJob, createJob } from './create.ts';
export { type RowError, errorsOfJob, recordErrors, rowError } from './errors.ts';
export { jobFilters, listJobs } from './list.ts';
export { jobProgress, progressOf } from './progress.ts';
export { type JobType, inputOf, isExpired, isOver, readJob } from './read.ts';
export { type RowWork, applyRows } from './rows.ts';
export { type JobTurn, type JobWorker, type Stretch, workOnJob } from './work.ts';
