// One execution environment of a function: a worker thread that loads the bundle and answers one event after another.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { playOutside } from './outside.ts';
import type { ContainerData, Invocation, Report } from './workers.ts';

const { clock, folder, handler, name, arn, hosts } = workerData as ContainerData;
playOutside(hosts);

// The bundles take the time from Date.now alone: turned forward, it turns their clock.
const machine = Date.now.bind(Date);
const offset = new BigInt64Array(clock);
Date.now = () => machine() + Number(Atomics.load(offset, 0));

const report = (message: Report) => parentPort?.postMessage(message);

for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  console[level] = (...parts: unknown[]) => report({ level, line: parts.map(written).join(' ') });
}

function written(part: unknown): string {
  if (typeof part === 'string') return part;
  if (part instanceof Error) return part.stack ?? part.message;
  return JSON.stringify(part);
}

/** `index.handler` is the export `handler` of the file index.mjs. */
const [file = '', exported = ''] = handler.split('.');
const bundle = (await import(pathToFileURL(join(folder, `${file}.mjs`)).href)) as Record<string, LambdaHandler>;
const handle = bundle[exported];
if (!handle) throw new Error(`${file}.mjs has no export ${exported}.`);

function contextOf({ id, deadline }: Invocation): Context {
  const context: Partial<Context> = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  return context as Context;
}

parentPort?.on('message', (invocation: Invocation) => {
  handle(JSON.parse(invocation.event), contextOf(invocation)).then(
    (answer) => report({ answer: JSON.stringify(answer ?? null) }),
    (error: unknown) => report({ error: written(error) }),
  );
});
report({ ready: true });
