// {% if %}: or binds weakest, then and, then not, then the comparisons. No parentheses, as in Django.
import type { Comparison, Condition, Test } from './ast.ts';
import { type Scanner, accept, done, expression, unreadable } from './scan.ts';

const signs = ['==', '!=', '<=', '>=', '<', '>', 'in'] as const satisfies readonly Comparison[];

function comparison(scanner: Scanner): Comparison | undefined {
  const sign = signs.find((one) => accept(scanner, one));
  if (sign) return sign;
  if (accept(scanner, 'is')) return accept(scanner, 'not') ? 'is not' : 'is';
  const before = scanner.at;
  if (accept(scanner, 'not') && accept(scanner, 'in')) return 'not in';
  scanner.at = before;
  return undefined;
}

function test(scanner: Scanner): Test {
  let negated = false;
  while (accept(scanner, 'not')) negated = !negated;
  const first = expression(scanner);
  const rest: { comparison: Comparison; with: ReturnType<typeof expression> }[] = [];
  for (let sign = comparison(scanner); sign !== undefined; sign = comparison(scanner)) {
    rest.push({ comparison: sign, with: expression(scanner) });
  }
  return { negated, first, rest };
}

/** Reads a whole condition; fails when something is left. */
export function condition(scanner: Scanner): Condition {
  const either: Test[][] = [];
  do {
    const all: Test[] = [];
    do all.push(test(scanner));
    while (accept(scanner, 'and'));
    either.push(all);
  } while (accept(scanner, 'or'));
  if (!done(scanner)) throw unreadable(scanner);
  return either;
}
