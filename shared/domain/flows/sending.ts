// What a sending action sends to one person, and why it does not: pure.
import { needsReview } from '../messaging/index.ts';
import type { AbTest, Action, ContentExperiment, Definition, Send } from './definition.ts';
import type { Filter } from './filter.ts';
import { sendsOf } from './graph.ts';
import { draw } from './own-conditions.ts';
import type { Facts, Sending } from './shapes.ts';

type Trial = AbTest | ContentExperiment;
export type Sender = Send | Trial;

const isTrial = (action: Sender): action is Trial => action.type === 'ab-test' || action.type === 'content-experiment';

/**
 * What an experiment sends to a person: while it is live, the variation that the person drew, in the shares that it
 * states (even ones where it states none); otherwise the main action, the winner when it is completed. A person who comes
 * again draws the same.
 */
export function variationFor({ data }: Trial, profile: string): Send {
  const { main_action: main, current_experiment: experiment, experiment_status: stage } = data;
  if (stage !== 'live' || !experiment) return main;
  const all: readonly Send[] = [main, ...experiment.variations];
  const shares = all.map(({ id }) => experiment.allocations[id] ?? 0);
  const stated = shares.reduce((sum, share) => sum + share, 0);
  const place = (draw('experiment', experiment.id, profile) / 100) * (stated > 0 ? stated : all.length);
  let upTo = 0;
  const drawn = all.find((_, index) => (upTo += stated > 0 ? (shares[index] ?? 0) : 1) > place);
  return drawn ?? main;
}

/** What an action sends to a person; undefined for one that sends nothing. */
export function sentBy(action: Action, profile: string): Send | undefined {
  if (action.type === 'ab-test' || action.type === 'content-experiment') return variationFor(action, profile);
  return action.type.startsWith('send-') ? (action as Send) : undefined;
}

/** Why a message is not sent that somebody reviewed: the filters are asked again (behaviour 5.5). */
export function reasonAfterReview(definition: Definition, sent: Send, facts: Facts): string | undefined {
  const action = definition.actions.find((one) => sendsOf(one).some(({ id }) => id === sent.id));
  return action && reason(definition, action as Sender, sent, { ...facts, reviewed: true });
}

/** Why a message is not made for its person, in the order in which the reasons are looked for (behaviour 5.3, 5.6). */
export function whatIsSent(definition: Definition, action: Extract<Action, Sender>, facts: Facts): Sending {
  const sent = isTrial(action) ? variationFor(action, facts.profile) : action;
  const skipped = reason(definition, action, sent, facts);
  const trial = isTrial(action) && action.data.experiment_status === 'live' ? action.data.current_experiment : null;
  return { action: sent.id, ...(skipped !== undefined && { skipped }), ...(trial && { trial: trial.id }) };
}

function reason(definition: Definition, action: Sender, sent: Send, facts: Facts): string | undefined {
  const through = (filter: Filter | null, salt?: string) => filter === null || facts.passes(filter, salt);
  if (!facts.belongs) return 'Person No Longer in List';
  if (facts.withdrawn !== undefined) return facts.withdrawn;
  if (!through(definition.profile_filter)) return 'Fails Flow Filters';
  const { message } = sent.data;
  if ('additional_filters' in message && !through(message.additional_filters, sent.id))
    return 'Fails Additional Filters';
  if (action.data.status === 'manual' && !facts.reviewed) return needsReview;
  return unsendable[sent.type];
}

/** Channels that nothing here sends on. */
const unsendable: { readonly [Type in Send['type']]?: string } = {
  'send-whatsapp': 'Channel not available',
};
