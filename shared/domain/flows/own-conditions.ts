// The conditions that only flows have, decided: pure.
import { type Instant, day, hour, week } from '../../kernel/time.ts';
import { digest } from '../../kernel/ids.ts';
import type { NotWithin, OwnCondition } from './filter.ts';
import { passesCondition } from './trigger-filter.ts';

/** What they look at. */
export interface OwnFacts {
  now: Instant;
  /** The id of the profile: what chance is made of. */
  profile: string;
  /** The properties of the event that let the person in. */
  trigger: Readonly<Record<string, unknown>>;
  /** When it last happened to the person; absent: never. */
  last: { readonly [Type in NotWithin['type']]?: Instant };
}

/** Chance that stays: the same texts are the same place from 0 to below 100. */
export function draw(...about: string[]): number {
  return (digest(...about).readUInt32BE(0) / 2 ** 32) * 100;
}

const units = { day, hour, week } as const;

/** Whether the condition holds. `salt` tells one drawing of lots from another: a person draws once in each. */
export function decideOwn(condition: OwnCondition, facts: OwnFacts, salt: string): boolean {
  if (condition.type === 'profile-sample') return draw(salt, facts.profile) < condition.percentage;
  if (!('timeframe_filter' in condition)) return passesCondition(condition, facts.trigger, facts.now);
  const last = facts.last[condition.type];
  const { timeframe_filter: filter } = condition;
  if (last === undefined || filter.operator === 'alltime') return last === undefined;
  return last <= facts.now - filter.quantity * units[filter.unit];
}
