// Somebody who is held up before a call of a port, until somebody else is done: what only a rare choice of the schedule brings about.
import type { FunctionCall } from '../../functions/local/fragile.ts';

export interface Meeting {
  /** Resolves when this call, `messages store.transact`, is about to be made. It is held up until `over`. */
  awaited: (call: string) => Promise<void>;
  /** Nobody is held up any more. */
  over: () => void;
  /** Hears of every call; what it answers is waited for. */
  arriving: (call: FunctionCall) => Promise<void> | undefined;
}

const nameOf = ({ function: name, port, method }: FunctionCall) => `${name} ${port}.${method}`;

export function createMeeting(): Meeting {
  let wanted: { call: string; met: () => void } | undefined;
  let release: (() => void) | undefined;
  return {
    awaited: (call) => new Promise((met) => (wanted = { call, met })),
    over() {
      wanted = undefined;
      release?.();
      release = undefined;
    },
    arriving(call) {
      if (!wanted || nameOf(call) !== wanted.call) return undefined;
      wanted.met();
      wanted = undefined;
      return new Promise((go) => (release = go));
    },
  };
}
