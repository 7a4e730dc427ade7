// Which conditions are evaluated. Everything the API declares parses; what is not built yet is refused by name, so that
// no segment is ever silently wrong.
import { ApiError, type Fault } from '../../kernel/errors.ts';
import { instantOf } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionKey } from '../../storage/patterns.ts';
import type { BuiltCondition, Condition, Definition, SegmentDefinition } from './definition.ts';
import type { AnyFilter, DateFilter } from './filters.ts';
import { placeOf } from './properties.ts';

/** Says what is wrong, where: pointers relative to the condition. */
type Objection = [code: 'invalid' | 'not_allowed', detail: string, at: string];
type Objections<C> = (condition: C) => Objection[];

const mostConditions = 100;

const notBuilt = (what: string, at: string): Objection => ['not_allowed', `${what} not built yet.`, at];

const unbuiltDates = new Set<string>(['anniversary', 'anniversary-month', 'anniversary-last', 'anniversary-next']);

function ofDate(filter: DateFilter, at: string): Objection[] {
  if (unbuiltDates.has(filter.operator)) return [notBuilt(`Dates by ${filter.operator} are`, `${at}/operator`)];
  if (filter.operator === 'between' && filter.start >= filter.end) {
    return [['invalid', 'The start of a relative range must be less than its end: both count back from now.', at]];
  }
  if (filter.operator === 'between-static' && instantOf(filter.start) > instantOf(filter.end)) {
    return [['invalid', 'The start of a range must not be after its end.', `${at}/start`]];
  }
  return [];
}

const unbuiltOperators: Readonly<Record<string, string>> = {
  regex: 'Regular expressions are not run; use contains, starts-with or ends-with.',
  nregex: 'Regular expressions are not run; use not-contains, not-starts-with or not-ends-with.',
  'phone-country-code-in': 'Country codes of phone numbers are not built yet; use starts-with.',
  'phone-country-code-not-in': 'Country codes of phone numbers are not built yet; use not-starts-with.',
};

function ofValue(filter: AnyFilter, at: string): Objection[] {
  if (filter.type === 'date') return ofDate(filter, at);
  const unbuilt = unbuiltOperators[filter.operator];
  if (unbuilt !== undefined) return [['not_allowed', unbuilt, `${at}/operator`]];
  if ('value' in filter && filter.value === null) {
    return [['invalid', 'A value to compare with is needed; to ask for what is not set use not-set.', `${at}/value`]];
  }
  return [];
}

const ofProperty: Objections<Of<'profile-property'>> = ({ property, filter }) => [
  ...(placeOf(property)
    ? []
    : [
        [
          'invalid',
          "The property is the name of an attribute such as email, or properties['name'], or location['city'].",
          '/property',
        ] satisfies Objection,
      ]),
  ...ofValue(filter, '/filter'),
];

const ofMetric: Objections<Of<'profile-metric'>> = ({ timeframe_filter: timeframe, metric_filters }) => [
  ...(timeframe.operator === 'in-the-next'
    ? [['invalid', 'Events lie in the past; use in-the-last.', '/timeframe_filter/operator'] satisfies Objection]
    : ofDate(timeframe, '/timeframe_filter')),
  ...(metric_filters ?? []).flatMap(({ property, filter }, i) => ofEvent(property, filter, `/metric_filters/${i}`)),
];

function ofEvent(property: string, filter: AnyFilter | null | undefined, at: string): Objection[] {
  if (!filter) return [['invalid', 'A filter is needed; to ask for any value use is-set.', `${at}/filter`]];
  if (filter.type === 'list') return [notBuilt('Lists in events are', `${at}/filter/type`)];
  if (/[.[\]]/.test(property)) {
    return [notBuilt('Paths into nested properties of events are', `${at}/property`)];
  }
  return ofValue(filter, `${at}/filter`);
}

const ofMembership: Objections<Of<'profile-group-membership'>> = (condition) => [
  ...(condition.group_ids.length === 1
    ? []
    : [
        [
          'invalid',
          'Exactly one list is needed; for several use several conditions.',
          '/group_ids',
        ] satisfies Objection,
      ]),
  ...(condition.is_member && condition.timeframe_filter ? ofDate(condition.timeframe_filter, '/timeframe_filter') : []),
];

const ofConsent: Objections<Of<'profile-marketing-consent'>> = ({ consent }) => {
  if (consent.channel !== 'email') return [notBuilt(`Consent on ${consent.channel} is`, '/consent/channel')];
  const { filters } = consent.consent_status;
  const empty = filters === undefined || filters === null || (Array.isArray(filters) && filters.length === 0);
  return empty ? [] : [notBuilt('Filters on consent are', '/consent/consent_status/filters')];
};

type Of<K extends BuiltCondition['type']> = Extract<Condition, { type: K }>;

const built = {
  'profile-property': ofProperty,
  'profile-metric': ofMetric,
  'profile-group-membership': ofMembership,
  'profile-marketing-consent': ofConsent,
} as const satisfies { [K in BuiltCondition['type']]: Objections<Of<K>> };

function objectionsTo(condition: Condition): Objection[] {
  if (!Object.hasOwn(built, condition.type)) return [notBuilt(`Conditions of type ${condition.type} are`, '/type')];
  // The type chose the entry that takes this condition.
  return (built[condition.type as BuiltCondition['type']] as Objections<Condition>)(condition);
}

/** The definition, if all of it can be evaluated; refuses with every objection, under `pointer`, otherwise. */
export function admit(definition: SegmentDefinition, pointer: string): Definition {
  const { condition_groups: groups } = definition;
  const faults = groups.flatMap(({ conditions }, group) => {
    const at = `${pointer}/condition_groups/${group}/conditions`;
    if (conditions.length === 0) return [fault(['invalid', 'A group needs at least one condition.', ''], at)];
    return conditions.flatMap((condition, i) =>
      objectionsTo(condition).map((objection) => fault(objection, `${at}/${i}`)),
    );
  });
  const count = groups.reduce((sum, { conditions }) => sum + conditions.length, 0);
  if (count > mostConditions) {
    faults.push(
      fault(['invalid', `A definition has at most ${mostConditions} conditions.`, '/condition_groups'], pointer),
    );
  }
  if (groups.length === 0) {
    faults.push(
      fault(['invalid', 'A definition needs at least one group of conditions.', '/condition_groups'], pointer),
    );
  }
  throwAny(faults);
  return definition as Definition;
}

/** Refuses a definition that names metrics or lists that the account does not have. */
export async function refuseUnknown(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  pointer: string,
): Promise<void> {
  const named = namesIn(definition, pointer);
  const items = await ports.store.getMany(named.map(({ kind, id }) => definitionKey(account, kind, id)));
  throwAny(
    named.flatMap(({ kind, id, at }, i) =>
      items[i] ? [] : fault(['invalid', `The account has no ${kind} with the id ${id}.`, ''], at),
    ),
  );
}

interface Named {
  kind: 'metric' | 'list';
  id: string;
  at: string;
}

function namesIn(definition: Definition, pointer: string): Named[] {
  return definition.condition_groups.flatMap(({ conditions }, group) =>
    conditions.flatMap((condition, i): Named[] => {
      const at = `${pointer}/condition_groups/${group}/conditions/${i}`;
      if (condition.type === 'profile-metric') {
        return [{ kind: 'metric', id: condition.metric_id, at: `${at}/metric_id` }];
      }
      if (condition.type !== 'profile-group-membership') return [];
      return condition.group_ids.map((id, n) => ({ kind: 'list', id, at: `${at}/group_ids/${n}` }));
    }),
  );
}

const fault = ([code, detail, at]: Objection, base: string): Fault => ({
  code,
  detail,
  source: { pointer: `${base}${at}` },
});

function throwAny([first, ...rest]: readonly Fault[]): void {
  if (first) throw new ApiError(first, ...rest);
}
