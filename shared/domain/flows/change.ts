// What an action changes of the person, as writes for the transaction of its step.
import type { AccountId } from '../../kernel/ids.ts';
import { ApiError } from '../../kernel/errors.ts';
import { nameOfDay } from '../../kernel/calendar.ts';
import { sortable } from '../../kernel/time.ts';
import { dayOf, wallOf } from '../../kernel/zone.ts';
import type { Ports } from '../../ports.ts';
import { profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Write } from '../../storage/store.ts';
import { membershipChange } from '../consent/index.ts';
import { type PropertyPatch, isTextAttribute, personOf, propertyChange, refusePieces } from '../identity/index.ts';
import type { ProfileOperation } from './definition.ts';
import { zoneOf } from './facts.ts';
import type { Change } from './step.ts';

/** The writes of one change of this profile. */
export function changeOf(
  ports: Ports,
  account: AccountId,
  profile: string,
  change: Change,
): Promise<(Write | Check)[]> {
  if (change.type === 'list-update') return membershipChange(ports, account, change.list, { profile, on: change.on });
  return updateOf(ports, account, profile, change.operations);
}

async function updateOf(
  ports: Ports,
  account: AccountId,
  id: string,
  operations: readonly ProfileOperation[],
): Promise<Write[]> {
  const profile = await ports.store.get(profileKey(account, id));
  if (!profile) throw new ConditionFailed();
  refusePieces(profile);
  const now = ports.clock.now();
  const zone = operations.some(isToday) ? await zoneOf(ports, account, personOf(profile)) : 'UTC';
  const today = nameOfDay(dayOf(wallOf(now, zone)));
  try {
    // In their order: a later operation may be about the property of an earlier one.
    const put = propertyChange(
      profile,
      operations.map((one) => inputOf(one, today)),
      sortable(now),
    );
    return put ? [put] : [];
  } catch (error) {
    // What would make the profile too large is left out: the person walks on.
    if (!(error instanceof ApiError)) throw error;
    ports.log.error('a flow cannot update a profile', { account, profile: id });
    return [];
  }
}

const isToday = (operation: ProfileOperation) =>
  operation.operator !== 'delete' && operation.property_type === 'date' && operation.property_value === 'today';

/** The operation as an input says it. */
function inputOf(operation: ProfileOperation, today: string): Parameters<typeof propertyChange>[1][number] {
  const { property_key: key } = operation;
  const patched = (patch: PropertyPatch) => ({ attributes: {}, patch });
  if (operation.operator === 'delete') {
    return isTextAttribute(key) ? { attributes: { [key]: null } } : patched({ unset: [key] });
  }
  const { property_type: type, property_value: told } = operation;
  if (type === 'list' && operation.property_operation === 'add') return patched({ append: { [key]: told } });
  if (type === 'list' && operation.property_operation === 'remove') return patched({ unappend: { [key]: told } });
  const value = type === 'list' ? [told] : type === 'date' && told === 'today' ? today : told;
  if (isTextAttribute(key) && typeof value === 'string') return { attributes: { [key]: value } };
  return { attributes: {}, properties: { [key]: value } };
}
