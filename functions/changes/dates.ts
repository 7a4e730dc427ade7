// Which changes have to do with flows that dates trigger.
import { own } from '../../shared/kernel/bag.ts';
import { dayFrom } from '../../shared/kernel/calendar.ts';

type Bag = Readonly<Record<string, unknown>>;
const bagOf = (json: string): Bag => JSON.parse(json) as Bag;

/** The properties (JSON) that name a day now and did not name it before. */
export function changedDates(before: string | undefined, after: string): string[] {
  if (before === after) return [];
  const was = before === undefined ? {} : bagOf(before);
  return Object.entries(bagOf(after)).flatMap(([name, value]) =>
    dayFrom(value) !== undefined && own(was, name) !== value ? name : [],
  );
}

/** True for what the definition of a flow keeps (JSON) when a date of people lets them in and the flow is not a draft. */
export function isOpenDateFlow(data: string): boolean {
  const { status, definition } = JSON.parse(data) as {
    status: string;
    definition: { triggers: readonly { type: string; date_field_type?: string }[] };
  };
  const [trigger] = definition.triggers;
  return status !== 'draft' && trigger?.type === 'date' && trigger.date_field_type === 'profile-property';
}
