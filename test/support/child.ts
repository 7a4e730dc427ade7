// Programs of this repository, run as a person would: in a process of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Running {
  process: ChildProcess;
  /** Resolves with all output so far once it holds the text; rejects when the program ends before. */
  says: (text: string) => Promise<string>;
  ended: Promise<Ended>;
}

/** Starts a source file with this Node; `env` joins the environment. */
export const start = (file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Running =>
  startProgram(process.execPath, [file, ...args], { env: { ...process.env, ...env } });

/** Starts a program of the path; with `detached` it leads a process group, as `kill` needs to reach what it starts. */
export function startProgram(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; detached?: boolean } = {},
): Running {
  const child = spawn(program, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString('utf8')));
  child.stderr.on('data', (text: Buffer) => (err += text.toString('utf8')));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    process: child,
    ended,
    async says(text) {
      const over = ended.then(() => true);
      while (!out.includes(text)) {
        const isOver = await Promise.race([once(child.stdout, 'data').then(() => false), over]);
        if (isOver && !out.includes(text)) throw new Error(`The program ended without saying "${text}": ${out}${err}`);
      }
      return out;
    },
  };
}

/** Runs `npx millrace` with these arguments to its end. */
export const millrace = (args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> =>
  start('functions/cli/millrace.ts', args, env).ended;
