// When an experiment ends by itself, and what wins (behaviour 5.4): decided when the next person comes to it, so that it
// needs no clock of its own.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { type TrialCount, trialCountOf } from '../messaging/index.ts';
import type { AbTest, Action, Flow } from './definition.ts';
import { changeFlow } from './flow.ts';
import { actionOf } from './graph.ts';

/** The metrics that are counted. There are no forms whose submissions could be. */
const counted: Readonly<Record<string, Exclude<keyof TrialCount, 'sent'>>> = {
  'unique-opens': 'opened',
  'unique-clicks': 'clicked',
  'unique-placed-orders': 'ordered',
};

/** Of fewer messages nothing is certain. */
const least = 100;
/** The distance of two shares in standard errors at which 19 of 20 such differences are none of chance. */
const certain = 1.96;

/** The variation that wins, by the id of what sends it, if the experiment ends now. `counts` are in the order of the variations, the main action first. */
export function winnerOf(trial: AbTest, counts: readonly TrialCount[], now: Instant): string | undefined {
  const { current_experiment: experiment } = trial.data;
  const settings = automaticOf(trial);
  const what = counted[experiment?.winner_metric ?? ''];
  if (!experiment || !settings || what === undefined) return undefined;
  const all = sendsIn(trial).map((id, place) => {
    const { sent = 0, [what]: good = 0 } = counts[place] ?? {};
    return { id, sent, good, share: sent === 0 ? 0 : good / sent };
  });
  // Of equals the earlier one, the main action before all.
  const [best, next] = all.toSorted((a, b) => b.share - a.share);
  const isSure = settings.automatic_end_statistical_certainty && best && next && distance(best, next) >= certain;
  return hasEnded(settings, now) || isSure ? best?.id : undefined;
}

interface Share {
  sent: number;
  good: number;
  share: number;
}

/** How far two shares are apart, in standard errors of their difference. */
function distance(a: Share, b: Share): number {
  if (a.sent < least || b.sent < least) return 0;
  const pooled = (a.good + b.good) / (a.sent + b.sent);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.sent + 1 / b.sent));
  return error === 0 ? 0 : (a.share - b.share) / error;
}

/** How an experiment ends by itself; undefined when it does not. */
function automaticOf({ data }: AbTest) {
  const settings =
    data.experiment_status === 'live' ? data.current_experiment?.automatic_winner_selection_settings : null;
  return settings?.enabled ? settings : undefined;
}

const hasEnded = ({ automatic_end_date: end }: { automatic_end_date: string | null }, now: Instant): boolean =>
  end !== null && now >= instantOf(end);

/** What sends the variations, the main action first. */
const sendsIn = ({ data: { main_action: main, current_experiment: experiment } }: AbTest): string[] =>
  [main, ...(experiment?.variations ?? [])].map(({ id }) => id);

/** One in so many who come looks whether the difference is certain by now. */
const looks = 50;

/** The flow as it is for an enrolment that stands before `step`: an experiment there that is over has its winner. */
export async function concluded(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  { step, enrolment }: { step: string; enrolment: string },
): Promise<Flow> {
  const action = actionOf(flow.definition, step);
  const settings = action?.type === 'ab-test' ? automaticOf(action) : undefined;
  if (action?.type !== 'ab-test' || !settings) return flow;
  const now = ports.clock.now();
  const asks = settings.automatic_end_statistical_certainty && shardOf(enrolment, looks) === 0;
  const { current_experiment: experiment } = action.data;
  if (!experiment || !(hasEnded(settings, now) || asks)) return flow;
  const counts = await Promise.all(
    sendsIn(action).map((send) => trialCountOf(ports, account, { trial: experiment.id, send })),
  );
  const winner = winnerOf(action, counts, now);
  if (winner === undefined) return flow;
  return changeFlow(ports, account, flow.id, (present) => won(present, step, { experiment: experiment.id, winner }));
}

/** The flow with the winner in the place of the main action; the others stay what they are, for messages under way. */
function won(flow: Flow, step: string, { experiment, winner }: { experiment: string; winner: string }): Flow {
  const actions = flow.definition.actions.map((action): Action => {
    if (action.id !== step || action.type !== 'ab-test') return action;
    const { main_action: main, current_experiment: trial } = action.data;
    if (trial?.id !== experiment || action.data.experiment_status !== 'live') return action;
    const all = [main, ...trial.variations];
    const best = all.find(({ id }) => id === winner) ?? main;
    const current = { ...trial, variations: all.filter((one) => one !== best) };
    const data = {
      ...action.data,
      experiment_status: 'completed' as const,
      main_action: best,
      current_experiment: current,
    };
    return { ...action, data };
  });
  return { ...flow, definition: { ...flow.definition, actions } };
}
