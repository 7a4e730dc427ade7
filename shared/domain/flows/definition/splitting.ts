// A table: the actions after which not everyone goes the same way.
import * as z from 'zod/mini';
import { component, flag, integer, list, maybe, oneOf, text } from '../../../jsonapi/fields.ts';
import { branchFilter, outputFilter, peopleFilter, triggerFilter } from './conditions.ts';
import { fork, named, next } from './step.ts';

export const conditionalSplit = component(
  'ConditionalSplit',
  z.strictObject({
    ...fork,
    type: z.literal('conditional-split'),
    data: maybe(z.strictObject({ profile_filter: z.nullable(peopleFilter) })),
  }),
);

export const triggerSplit = component(
  'TriggerSplit',
  z.strictObject({
    ...fork,
    type: z.literal('trigger-split'),
    data: z.optional(
      z.strictObject({
        trigger_filter: z.nullable(triggerFilter),
        trigger_id: text(),
        trigger_type: oneOf('date', 'list', 'low-inventory', 'metric', 'price-drop', 'scheduled', 'segment'),
        trigger_subtype: maybe(oneOf('custom-object', 'legacy-custom-object', 'profile-property', 'profile-trait')),
      }),
    ),
  }),
);

export const actionOutputSplit = component(
  'ActionOutputSplit',
  z.strictObject({
    ...fork,
    type: z.literal('action-output-split'),
    data: z.optional(z.strictObject({ action_output_filter: z.nullable(outputFilter) })),
  }),
);

const branch = z.strictObject({
  branch_id: text(),
  order: maybe(integer()),
  is_else: z.optional(flag()),
  branch_filter: maybe(branchFilter),
  links: z.optional(next),
  name: maybe(text()),
});

/** Its ways on stand at its branches. */
export const multiBranchSplit = component(
  'MultiBranchSplit',
  z.strictObject({
    ...named,
    type: z.literal('multi-branch-split'),
    links: maybe(z.unknown()),
    data: z.optional(z.strictObject({ branches: list(branch), name: text() })),
  }),
);
