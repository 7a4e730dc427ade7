// What golden cases are made of: a condition, facts of one person, and what holds of them. Rules are named after what the
// behaviour page says (behaviour 4.2).
import { day, hour } from '../../../shared/kernel/time.ts';
import type { Facts, Said } from '../../support/segment-oracle.ts';

export interface Case {
  condition: object;
  facts: Partial<Facts>;
  holds: boolean;
}

/** Cases by the rule that they show. */
export type Rules = Readonly<Record<string, readonly Case[]>>;

/** Values of which a condition holds, and of which it does not. */
export interface Values<T = unknown> {
  yes: readonly T[];
  no: readonly T[];
}

/** The cases of one condition; `told` makes facts of a value. */
export const held = <T>(condition: object, told: (value: T) => Partial<Facts>, { yes, no }: Values<T>): Case[] => [
  ...yes.map((value) => ({ condition, facts: told(value), holds: true })),
  ...no.map((value) => ({ condition, facts: told(value), holds: false })),
];

/** The cases of one condition by facts. */
export const of = (condition: object, yes: readonly Partial<Facts>[], no: readonly Partial<Facts>[]): Case[] =>
  held(condition, (facts: Partial<Facts>) => facts, { yes, no });

/** The rules with a name before theirs. */
export const about = (name: string, rules: Rules): Rules =>
  Object.fromEntries(Object.entries(rules).map(([rule, cases]) => [`${name} ${rule}`, cases]));

export const text = (operator: string, value: unknown) => ({ type: 'string', operator, value });
export const number = (operator: string, value: number) => ({ type: 'numeric', operator, value });
export const list = (operator: string, value: unknown) => ({ type: 'list', operator, value });
export const flag = (value: boolean) => ({ type: 'boolean', operator: 'equals', value });
export const exists = (operator: string) => ({ type: 'existence', operator });
export const date = (operator: string, rest: object = {}) => ({ type: 'date', operator, ...rest });
export const days = (operator: string, quantity: number) => date(operator, { unit: 'day', quantity });

/** To the millisecond. */
export const iso = (at: number) => new Date(at).toISOString();

/** The same instant, as a clock two hours ahead of UTC shows it. */
export const east = (at: number) => iso(at + 2 * hour).replace('Z', '+02:00');

/** So many days after an instant. */
export const after = (now: number, count: number) => now + count * day;

/** A consent by the API, three days before `now`, but for what `rest` says. */
export const saidAt = (now: number, rest: Partial<Said> = {}): Said => ({
  state: 'SUBSCRIBED',
  at: after(now, -3),
  method: 'API',
  detail: null,
  custom: null,
  double: false,
  ...rest,
});

/** Where somebody lives. */
export const lives = (country?: string, zip?: string): Partial<Facts> => ({
  location: { ...(country && { country }), ...(zip && { zip }) },
});
export const inside = (region: string, in_region: boolean) => ({ type: 'profile-region', region, in_region });
export const near = (country_code: string, postal_code: string, unit: string, operator: string, value: number) => ({
  type: 'profile-postal-code-distance',
  country_code,
  postal_code,
  unit,
  filter: number(operator, value),
});
