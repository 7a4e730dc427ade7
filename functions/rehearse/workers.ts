// Lambda: each function in worker threads of its own, with the environment that its template gives it.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as z from 'zod/mini';
import type { Clock } from '../../shared/ports.ts';
import { region } from './names.ts';
import type { Hosts } from './outside.ts';
import type { Resource } from './template.ts';

/** What a container is made with. */
export interface ContainerData {
  /** 8 bytes: the milliseconds by which the clock was turned forward. */
  clock: SharedArrayBuffer;
  folder: string;
  handler: string;
  name: string;
  arn: string;
  /** Servers outside of AWS that are played on this machine. */
  hosts: Hosts;
}

export interface Invocation {
  id: string;
  /** JSON. */
  event: string;
  /** Epoch milliseconds on the rehearsal's clock. */
  deadline: number;
}

/** What a container says. */
export type Report = { ready: true } | { level: string; line: string } | { answer: string } | { error: string };

const properties = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  MemorySize: z.number(),
  Role: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Timeout: z.number(),
  Environment: z._default(z.object({ Variables: z.record(z.string(), z.string()) }), { Variables: {} }),
});

export interface Lambda {
  arn: string;
  name: string;
  role: string;
  /** A name for people: `Functions/wake`. */
  label: string;
  /** The access key id that its calls are signed with. */
  accessKey: string;
  /** Resolves with what the handler answered. Throws when it failed, could not start, or took too long. */
  invoke: (event: unknown) => Promise<unknown>;
  stop: () => Promise<void>;
}

export interface LambdaOptions {
  /** The folder with the code of an asset, when it is there. */
  folderOf: (hash: string) => Promise<string>;
  clock: Clock;
  offset: SharedArrayBuffer;
  awsUrl: string;
  publicHost: string;
  hosts: Hosts;
  /** How many events one function works on at a time; each takes a thread and some 50 MB. */
  containers: number;
  log: (line: string) => void;
}

interface Container {
  run: (invocation: Invocation, timeoutSeconds: number) => Promise<unknown>;
  alive: () => boolean;
  end: () => Promise<void>;
}

/** A function of the template. Nothing is started until its first event. */
export function createLambda({ ref, arn, path, properties: given }: Resource, options: LambdaOptions): Lambda {
  const { Code, Handler, MemorySize, Role, Timeout, Environment } = properties.parse(given);
  const label = path.replace(/\/Function$/, '');
  const accessKey = `AKIA${path.replaceAll(/\W/g, '').toUpperCase()}`;
  const environment = {
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    AWS_SESSION_TOKEN: 'rehearsal',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: options.awsUrl,
    AWS_LAMBDA_FUNCTION_NAME: ref,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    TZ: ':UTC',
    ...withoutTls(Environment.Variables, options.publicHost),
  };
  const rest = {
    clock: options.offset,
    handler: Handler,
    name: ref,
    arn,
    hosts: options.hosts,
  };
  const idle: Container[] = [];
  const all = new Set<Container>();
  const waiting: ((container: Container) => void)[] = [];

  function start(folder: string): Container {
    const container = createContainer({ ...rest, folder }, environment, MemorySize, (level, line) =>
      options.log(`${label} ${level === 'error' ? 'ERROR ' : ''}${line}`),
    );
    all.add(container);
    return container;
  }

  async function take(folder: string): Promise<Container> {
    const free = idle.pop();
    if (free) return free;
    if (all.size < options.containers) return start(folder);
    return new Promise((done) => waiting.push(done));
  }

  function giveBack(container: Container, folder: string): void {
    if (!container.alive()) all.delete(container);
    const next = waiting.shift();
    if (next) next(container.alive() ? container : start(folder));
    else if (container.alive()) idle.push(container);
  }

  return {
    arn,
    name: ref,
    role: Role,
    label,
    accessKey,
    async invoke(event) {
      const folder = await options.folderOf(Code.S3Key.replace(/\.zip$/, ''));
      const container = await take(folder);
      const deadline = options.clock.now() + Timeout * 1000;
      try {
        return await container.run({ id: randomUUID(), event: JSON.stringify(event), deadline }, Timeout);
      } catch (error) {
        options.log(`${label} ERROR ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      } finally {
        giveBack(container, folder);
      }
    },
    async stop() {
      await Promise.all([...all].map((container) => container.end()));
    },
  };
}

/** The rehearsal speaks no TLS: links lead to its own front door by http. */
function withoutTls(variables: Readonly<Record<string, string>>, publicHost: string): Record<string, string> {
  const own = (value: string) => value.replace(`https://${publicHost}`, `http://${publicHost}`);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, own(value)]));
}

function createContainer(
  data: ContainerData,
  env: Readonly<Record<string, string>>,
  memoryMb: number,
  log: (level: string, line: string) => void,
): Container {
  const worker = new Worker(join(import.meta.dirname, 'container.ts'), {
    workerData: data,
    env: { ...env },
    // None of this process's own: a test runner's would not be understood there.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  let alive = true;
  let settle: { done: (answer: unknown) => void; failed: (error: Error) => void } | undefined;
  const fail = (reason: string) => settle?.failed(new Error(reason));
  worker.on('message', (message: Report) => {
    if ('line' in message) log(message.level, message.line);
    else if ('answer' in message) settle?.done(JSON.parse(message.answer));
    else if ('error' in message) fail(message.error);
  });
  worker.on('error', (error: Error) => fail(error.stack ?? error.message));
  worker.on('exit', (code) => {
    alive = false;
    fail(`The container ended with code ${code}.`);
  });
  return {
    alive: () => alive,
    async end() {
      await worker.terminate();
    },
    async run(invocation, timeoutSeconds) {
      const answer = new Promise((done, failed) => (settle = { done, failed }));
      const timer = setTimeout(() => {
        alive = false;
        fail(`Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
        void worker.terminate();
      }, timeoutSeconds * 1000);
      worker.postMessage(invocation);
      return answer.finally(() => {
        clearTimeout(timer);
        settle = undefined;
      });
    },
  };
}
