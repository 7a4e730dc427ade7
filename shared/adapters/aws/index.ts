// The front door of the AWS adapters: functions/<name>/handler.ts picks what the function's grants call for.
export { awsBus } from './bus.ts';
export { awsFiles } from './bucket.ts';
export { awsMail } from './mail.ts';
export { awsHttp } from './http.ts';
export { awsPorts } from './ports.ts';
export { awsQueue } from './queue.ts';
export { awsSchedule } from './schedule.ts';
export { awsStore } from './table.ts';
export { awsPush, awsSms } from './texts.ts';
export { deployedFile } from './deployed-file.ts';
