// What inlining may cost. It happens once for each version of a template, not for each message.

/** Thrown when a template needs more; it is then sent as it is. */
export class TooMuch extends Error {}

/** Style sheets that are read, their characters together, and those of a selector. */
export const mostSheets = 50;
export const longestSheets = 100_000;
export const longestSelector = 500;

/** Characters that inlining may add. */
export const longestAddition = 300_000;

/** Looks at an element, an ancestor, an attribute or a declaration, in all. */
const mostLooks = 3_000_000;

/** Pays for looks; throws TooMuch when none are left. */
export type Spend = (looks: number) => void;

export function budget(looks = mostLooks): Spend {
  let left = looks;
  return (more) => {
    left -= more;
    if (left < 0) throw new TooMuch();
  };
}
