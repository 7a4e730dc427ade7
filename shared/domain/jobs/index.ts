export { type NewJob, createJob } from './create.ts';
export { type RowError, errorsOfJob, recordErrors, rowError } from './errors.ts';
export { jobFilters, listJobs } from './list.ts';
export { type JobType, inputOf, readJob } from './read.ts';
export { type JobTurn, type JobWorker, type Stretch, workOnJob } from './work.ts';
