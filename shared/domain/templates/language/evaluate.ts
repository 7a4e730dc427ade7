// Expressions and conditions to values.
import type { Comparison, Condition, Expression, Operand, Test } from './ast.ts';
import { contains, equal, order } from './compare.ts';
import type { Fuel } from './fuel.ts';
import { type Moment, type Value, Safe, costOfMember, isBag, member, plain, sizeOf, truthy } from './values.ts';

/** Where names are looked up: the innermost frame that has the name answers. */
export interface Scope {
  fuel: Fuel;
  frames: readonly ReadonlyMap<string, Value>[];
  /** The names given from outside. */
  context: Value;
  around: { now: Moment };
}

function variable(scope: Scope, name: string): Value {
  for (let i = scope.frames.length - 1; i >= 0; i -= 1) {
    const frame = scope.frames[i];
    if (frame?.has(name)) return frame.get(name);
  }
  return isBag(scope.context) && Object.hasOwn(scope.context, name) ? member(scope.context, name) : undefined;
}

/** The value of a literal, a list of them or a dotted name; what is not there is undefined. */
export function operandValue(operand: Operand, scope: Scope): Value {
  if (operand.kind === 'literal') return operand.value;
  if (operand.kind === 'list') {
    scope.fuel.spend(operand.elements.length);
    return operand.elements.map((one) => operandValue(one, scope));
  }
  const [first = '', ...rest] = operand.steps;
  let value = variable(scope, first);
  for (const step of rest) {
    scope.fuel.spend(1 + costOfMember(value, step));
    value = member(value, step);
  }
  return value;
}

/** Elements that one step pays for going through. */
const elementsPerStep = 16;

/** Pays for going through a value: texts by length, lists and bags by elements. */
function charge(value: Value, fuel: Fuel): void {
  const bare = plain(value);
  if (typeof bare === 'string') fuel.make(bare.length);
  else if (typeof bare === 'object' && bare !== null) fuel.spend(Math.ceil(sizeOf(bare) / elementsPerStep));
}

/** The value of an expression, its filters applied from left to right. */
export function valueOf(expression: Expression, scope: Scope): Value {
  const { fuel } = scope;
  let value = operandValue(expression.operand, scope);
  for (const { filter, argument } of expression.filters) {
    fuel.spend(1);
    const given = argument && operandValue(argument, scope);
    charge(value, fuel);
    charge(given, fuel);
    const result = filter.run(plain(value), plain(given), { fuel, input: value, given, now: scope.around.now });
    charge(result, fuel);
    const stays = filter.safe === 'keeps' && value instanceof Safe && typeof result === 'string';
    value = stays ? new Safe(result) : result;
  }
  return value;
}

type Compare = (left: Value, right: Value, fuel: Fuel) => boolean;

const ordered =
  (holds: (order: number) => boolean): Compare =>
  (left, right) => {
    const found = order(left, right);
    return found !== undefined && holds(found);
  };

const comparisons = {
  '==': equal,
  '!=': (left, right, fuel) => !equal(left, right, fuel),
  '<': ordered((found) => found < 0),
  '>': ordered((found) => found > 0),
  '<=': ordered((found) => found <= 0),
  '>=': ordered((found) => found >= 0),
  in: (left, right, fuel) => contains(right, left, fuel),
  'not in': (left, right, fuel) => !contains(right, left, fuel),
  is: equal,
  'is not': (left, right, fuel) => !equal(left, right, fuel),
} as const satisfies Record<Comparison, Compare>;

function testHolds(test: Test, scope: Scope): boolean {
  scope.fuel.spend(1);
  let value = valueOf(test.first, scope);
  for (const { comparison, with: right } of test.rest) {
    value = comparisons[comparison](value, valueOf(right, scope), scope.fuel);
  }
  return isTrue(value, scope.fuel) !== test.negated;
}

/** A value's truth; bags have to be gone through for it. */
export function isTrue(value: Value, fuel: Fuel): boolean {
  if (isBag(value)) charge(value, fuel);
  return truthy(value);
}

/** Whether a condition holds; what is not there is false. */
export function holds(condition: Condition, scope: Scope): boolean {
  return condition.some((all) => all.every((test) => testHolds(test, scope)));
}
