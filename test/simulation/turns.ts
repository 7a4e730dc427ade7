// What can be done in a turn, how often, and whether the same request may be under way twice.
import { hour, minute, second } from '../../shared/kernel/time.ts';
import { cancelCampaign, sendCampaign } from './campaign-turns.ts';
import { merged, walked } from './people-turns.ts';
import { confirmed, daysPass, forgotten, importedMany, rivalled } from './privacy-turns.ts';
import type { Dice } from './streams.ts';
import {
  bounce,
  changed,
  create,
  createList,
  createSegment,
  editSegment,
  happen,
  imported,
  job,
  joined,
  removeList,
  removeSegment,
  type Run,
  toggle,
  unsubscribePage,
  withdrawInBetween,
} from './workload.ts';

const pauses = [0, second, second, 10 * second, minute, 7 * minute, 20 * minute, hour, 3 * hour];

/** What can be done, how often, and whether the same request may be under way twice. */
export const turns = {
  create: { weight: 3, repeatable: false, run: create },
  import: { weight: 4, repeatable: true, run: imported },
  change: { weight: 3, repeatable: true, run: changed },
  event: { weight: 12, repeatable: true, run: (run, d) => happen(run, d, false) },
  events: { weight: 3, repeatable: true, run: (run, d) => happen(run, d, true) },
  subscribe: { weight: 3, repeatable: true, run: (run, d) => job(run, d, true) },
  unsubscribe: { weight: 2, repeatable: true, run: (run, d) => job(run, d, false) },
  join: { weight: 3, repeatable: true, run: (run, d) => joined(run, d, true) },
  leave: { weight: 2, repeatable: true, run: (run, d) => joined(run, d, false) },
  'create-list': { weight: 1, repeatable: false, run: createList },
  'remove-list': { weight: 1, repeatable: false, run: removeList },
  'create-segment': { weight: 3, repeatable: false, run: createSegment },
  'edit-segment': { weight: 2, repeatable: false, run: editSegment },
  'remove-segment': { weight: 1, repeatable: false, run: removeSegment },
  toggle: { weight: 1, repeatable: false, run: toggle },
  'unsubscribe-page': { weight: 2, repeatable: true, run: unsubscribePage },
  'withdraw-in-between': { weight: 2, repeatable: false, run: withdrawInBetween },
  bounce: { weight: 1, repeatable: false, run: bounce },
  merge: { weight: 1, repeatable: true, run: merged },
  forget: { weight: 2, repeatable: true, run: forgotten },
  'import-many': { weight: 2, repeatable: true, run: importedMany },
  confirm: { weight: 3, repeatable: true, run: confirmed },
  rival: { weight: 5, repeatable: true, run: rivalled },
  days: { weight: 1, repeatable: false, run: daysPass },
  walk: { weight: 1, repeatable: true, run: walked },
  campaign: { weight: 2, repeatable: false, run: sendCampaign },
  'cancel-campaign': { weight: 1, repeatable: true, run: cancelCampaign },
  pass: { weight: 8, repeatable: false, run: (run, d) => run.world.advance(d.oneOf(pauses) ?? 0) },
  settle: { weight: 4, repeatable: false, run: (run) => run.world.settle() },
  restart: { weight: 1, repeatable: false, run: async (run) => run.world.restart() },
  replay: { weight: 1, repeatable: false, run: async (run, d) => run.replay(1 + d.upTo(30)) },
} as const satisfies Record<string, { weight: number; repeatable: boolean; run: (run: Run, d: Dice) => Promise<void> }>;

export type Turn = keyof typeof turns;
