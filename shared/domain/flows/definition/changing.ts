// A table: the actions that change something here: the profile, its lists, or what runs beside the flow.
import * as z from 'zod/mini';
import { bag, component, flag, list, maybe, number, oneOf, text } from '../../../jsonapi/fields.ts';
import { status, step } from './step.ts';

/** Sets a property to a value of a type. */
const setting = <Name extends string, Value extends z.ZodMiniType>(name: Name, value: Value) => ({
  operator: oneOf('create', 'update'),
  property_type: z.literal(name),
  property_key: text(),
  property_value: value,
});

const day = z.string().register(z.globalRegistry, { format: 'date' });

export const profileOperation = z.union([
  z.strictObject(setting('string', text())),
  z.strictObject(setting('boolean', flag())),
  z.strictObject(setting('numeric', number())),
  z.strictObject(setting('date', z.union([day, z.literal('today')]))),
  z.strictObject({ ...setting('list', text()), property_operation: maybe(oneOf('add', 'remove')) }),
  z.strictObject({ operator: z.literal('delete'), property_key: text() }),
]);

export const updateProfile = component(
  'UpdateProfile',
  z.strictObject({
    ...step,
    type: z.literal('update-profile'),
    data: z.optional(z.strictObject({ profile_operations: list(profileOperation), ...status })),
  }),
);

/** `on_execution` true adds to the list, false takes off it. */
export const listUpdate = component(
  'ListUpdate',
  z.strictObject({
    ...step,
    type: z.literal('list-update'),
    data: z.strictObject({
      name: text(),
      on_execution: z.nullable(z.literal([true, false])),
      list_id: z.nullable(text()),
      ...status,
    }),
  }),
);

const service = z.discriminatedUnion('service_method_type', [
  z.strictObject({
    service_method_type: oneOf('schedule-report', 'schedule-report-builder-report'),
    report_id: text(),
  }),
  z.strictObject({
    service_method_type: z.literal('track-event'),
    event_key: maybe(text()),
    event_payload: maybe(bag()),
    tracking_company_id: maybe(text()),
  }),
  z.strictObject({ service_method_type: z.literal('unknown') }),
]);

export const internalService = component(
  'InternalService',
  z.strictObject({
    ...step,
    type: z.literal('internal-service'),
    data: z.optional(z.strictObject({ service_configuration: maybe(service), ...status })),
  }),
);

export const code = component(
  'RunCode',
  z.strictObject({ ...step, type: z.literal('code'), data: maybe(z.unknown()) }),
);
