// The one place where work is paid for: every node, iteration, filter and byte of output goes through a tank.
import type { Instant } from '../../../kernel/time.ts';

/** What one rendering may use up. */
export interface Limits {
  steps: number;
  /** Bytes of output, and the longest text that a filter may make. */
  bytes: number;
  milliseconds: number;
}

export const standardLimits: Limits = { steps: 100_000, bytes: 1_048_576, milliseconds: 1000 };

/** Blocks inside blocks, and values inside values that are printed or compared: at most. */
export const deepest = 20;

/** Thrown by a tank that is empty; the interpreter turns it into a TemplateError with its place. */
export class Exhausted extends Error {}

export interface Fuel {
  /** Pays for `steps` units of work. */
  spend(steps: number): void;
  /** Pays for output. */
  write(text: string): void;
  /** Pays for a text of `length` before it is made. */
  make(length: number): void;
  /** Pays for work of others that is stopped from outside after so many milliseconds, which are the answer. */
  borrow(): number;
}

/** The longest that anything may work that cannot be stopped in between. */
const borrowed = 50;

/** How many units of text one step pays for. */
const textPerStep = 64;

/** A full tank. `now` is asked for the time every few hundred steps. */
export function fuelTank(limits: Limits, now: () => Instant): Fuel {
  let steps = limits.steps;
  let bytes = limits.bytes;
  let untilClock = 256;
  const deadline = now() + limits.milliseconds;

  const spend = (count: number) => {
    steps -= count;
    if (steps < 0) throw new Exhausted('The template takes too many steps to render.');
    untilClock -= count;
    if (untilClock > 0) return;
    untilClock = 256;
    if (now() > deadline) throw new Exhausted('The template takes too long to render.');
  };
  return {
    spend,
    write(text) {
      bytes -= Buffer.byteLength(text);
      if (bytes < 0) throw new Exhausted(`The output of the template is larger than ${limits.bytes} bytes.`);
    },
    make(length) {
      if (length > limits.bytes) throw new Exhausted(`A text in the template grows beyond ${limits.bytes} characters.`);
      spend(Math.ceil(length / textPerStep));
    },
    borrow() {
      // As much of the steps as of the time.
      spend(Math.ceil((limits.steps * borrowed) / limits.milliseconds));
      return borrowed;
    },
  };
}
