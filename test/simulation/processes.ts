// Work that is shared out among processes: each gets the same script and its share, and tells the first what it found.
import { fork } from 'node:child_process';

export interface Share {
  /** True of the work of this number, counted from 0, when it is this process's. */
  isMine: (number: number) => boolean;
}

/** Two: as many as the smallest machines of CI have cores. */
const processes = Number(process.env['PROCESSES'] ?? 2);

/**
 * Runs `work` in several processes and gives `done` what they told, in the order in which it came. Rejects when one of
 * them ends otherwise than with its work done.
 */
export async function shared<Told>(how: {
  script: string;
  work: (share: Share, tell: (told: Told) => void) => Promise<void>;
  /** Called in the first process for everything that is told. */
  heard?: (told: Told) => void;
  done: (all: readonly Told[], seconds: number) => void;
}): Promise<void> {
  const { script, work, heard, done } = how;
  const mine = process.env['SHARE'];
  if (process.send && mine !== undefined) {
    await work({ isMine: (number) => number % processes === Number(mine) }, (told) => process.send?.(told));
    process.disconnect();
    return;
  }
  const began = performance.now();
  const all: Told[] = [];
  const ends = Array.from({ length: processes }, (_, share) => {
    const child = fork(script, { env: { ...process.env, SHARE: String(share) } });
    child.on('message', (told) => {
      all.push(told as Told);
      heard?.(told as Told);
    });
    return new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`A process ended with ${code ?? 'a signal'}.`));
      });
    });
  });
  await Promise.all(ends);
  done(all, (performance.now() - began) / 1000);
}
