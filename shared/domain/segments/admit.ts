// Which definitions are evaluated. Everything the API declares parses; what cannot be is refused by name, so that no
// segment is ever silently wrong.
import { ApiError, type Fault } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { refuseLarge } from '../../storage/definitions.ts';
import { definitionKey } from '../../storage/patterns.ts';
import type { BuiltCondition, Definition, SegmentDefinition } from './definition.ts';
import { patternFaults } from './regex.ts';
import { type Objection, objectionsTo } from './objections.ts';
import { isPlace } from './postal/positions.ts';

const mostConditions = 100;

/** The definition, if all of it can be evaluated; refuses with every objection, under `pointer`, otherwise. */
export function admit(definition: SegmentDefinition, pointer: string): Definition {
  refuseLarge(JSON.stringify(definition), pointer);
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

/**
 * Refuses a definition that names metrics or lists that the account does not have, postal codes that nobody knows, or
 * patterns that are none.
 */
export async function refuseUnknown(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  pointer: string,
): Promise<void> {
  const conditions = placed(definition, pointer);
  const named = conditions.flatMap(namesIn);
  const items = await ports.store.getMany(named.map(({ kind, id }) => definitionKey(account, kind, id)));
  const absent = named.flatMap(({ kind, id, at }, i) =>
    items[i] ? [] : fault(['invalid', `The account has no ${kind} with the id ${id}.`, ''], at),
  );
  const noPatterns = await Promise.all(conditions.map(({ condition, at }) => patternFaults(condition, at)));
  throwAny([...absent, ...(await unknownPlaces(conditions)), ...noPatterns.flat()]);
}

interface Placed {
  condition: BuiltCondition;
  at: string;
}

/** The conditions and where each stands. */
const placed = ({ condition_groups }: Definition, pointer: string): Placed[] =>
  condition_groups.flatMap(({ conditions }, group) =>
    conditions.map((condition, i) => ({
      condition,
      at: `${pointer}/condition_groups/${group}/conditions/${i}`,
    })),
  );

interface Named {
  kind: 'metric' | 'list';
  id: string;
  at: string;
}

function namesIn({ condition, at }: Placed): Named[] {
  const metric = (id: string, where: string): Named => ({ kind: 'metric', id, at: `${at}${where}/metric_id` });
  if (condition.type === 'profile-metric') return [metric(condition.metric_id, '')];
  if (condition.type === 'profile-metric-funnel') {
    return condition.steps.map(({ metric_id }, n) => metric(metric_id, `/steps/${n}`));
  }
  if (condition.type !== 'profile-group-membership') return [];
  return condition.group_ids.map((id, n) => ({ kind: 'list', id, at: `${at}/group_ids/${n}` }));
}

async function unknownPlaces(conditions: readonly Placed[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { condition, at } of conditions) {
    if (condition.type !== 'profile-postal-code-distance') continue;
    const { country_code, postal_code } = condition;
    if (await isPlace(country_code, postal_code)) continue;
    const detail = `The postal code ${postal_code} of ${country_code} is not known; of GBR give the outward part.`;
    faults.push(fault(['invalid', detail, '/postal_code'], at));
  }
  return faults;
}

const fault = ([code, detail, at]: Objection, base: string): Fault => ({
  code,
  detail,
  source: { pointer: `${base}${at}` },
});

function throwAny([first, ...rest]: readonly Fault[]): void {
  if (first) throw new ApiError(first, ...rest);
}
