import { conditionsOf, orderedOnce } from './metric-specimens.ts';
import type { Things } from './specimens.ts';

/** Waits an hour, then asks whether they ordered before, then writes. */
export const flowOf = ({ metric, template }: Pick<Things, 'metric' | 'template'>, name = 'Orders') => ({
  data: {
    type: 'flow',
    attributes: {
      name,
      definition: {
        triggers: [
          {
            type: 'metric',
            id: metric,
            trigger_filter: {
              condition_groups: [
                {
                  conditions: [
                    {
                      type: 'metric-property',
                      metric_id: metric,
                      field: 'ItemCount',
                      filter: { type: 'numeric', operator: 'greater-than', value: 0 },
                    },
                  ],
                },
              ],
            },
          },
        ],
        profile_filter: conditionsOf({
          type: 'profile-property',
          property: 'email',
          filter: { type: 'existence', operator: 'is-set' },
        }),
        entry_action_id: 'wait',
        actions: [
          {
            temporary_id: 'wait',
            type: 'time-delay',
            links: { next: 'split' },
            data: { unit: 'hours', value: 1, secondary_value: 30, delay_until_weekdays: ['monday'], timezone: 'UTC' },
          },
          {
            temporary_id: 'split',
            type: 'conditional-split',
            links: { next_if_true: 'mail', next_if_false: null },
            data: { profile_filter: conditionsOf(orderedOnce(metric)) },
          },
          {
            temporary_id: 'mail',
            type: 'send-email',
            links: { next: null },
            data: {
              status: 'draft',
              message: {
                subject_line: 'Hello',
                preview_text: 'It is us',
                from_label: 'Us',
                template_id: template,
                name: 'mail',
              },
            },
          },
        ],
        reentry_criteria: { unit: 'day', duration: 1 },
      },
    },
  },
});

/** The email of that flow, changed. */
export const flowActionOf = ({ action, template }: Pick<Things, 'action' | 'template'>) => ({
  data: {
    type: 'flow-action',
    id: action,
    attributes: {
      definition: {
        id: action,
        type: 'send-email',
        links: { next: null },
        data: {
          status: 'draft',
          message: {
            subject_line: 'Hello again',
            from_email: 'hello@example.com',
            from_label: 'Us',
            template_id: template,
            smart_sending_enabled: true,
            name: 'mail',
          },
        },
      },
    },
  },
});
