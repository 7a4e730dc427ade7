import type { AccountId } from '../../kernel/ids.ts';
import { iso } from '../../kernel/time.ts';
import { wallOf } from '../../kernel/zone.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { definitionKey } from '../../storage/patterns.ts';
import { type EmailContent, type Param, paramsFor, withId } from '../messaging/index.ts';
import type { Campaign } from './campaign.ts';

type Tracking = NonNullable<EmailContent['tracking']>;

/** What a campaign tells of opens and clicks, and what its links carry (behaviour 9): the first audience counts. */
export async function trackingOf(
  ports: Pick<Ports, 'store' | 'clock'>,
  account: AccountId,
  campaign: Campaign,
  owner: Pick<AccountItem, 'tracking' | 'timezone'>,
): Promise<Tracking> {
  const { add_tracking_params: add, custom_tracking_params: own, ...told } = campaign.tracking ?? {};
  const custom = (own ?? []).map(({ name, ...value }): Param => ({ name, value }));
  const params = paramsFor('campaign', owner, { add: add ?? undefined, custom });
  const day = iso(wallOf(ports.clock.now(), owner.timezone)).slice(0, '2026-11-28'.length);
  const { id, name, audiences } = campaign;
  const [group] = audiences.included;
  const wantsGroup = params.some(({ value }) => value.value.startsWith('group_name'));
  const groupName = wantsGroup && group !== undefined ? await nameOfGroup(ports, account, group) : undefined;
  return {
    opens: told.is_tracking_opens ?? true,
    clicks: told.is_tracking_clicks ?? true,
    params,
    facts: {
      ...{ campaign_id: id, campaign_name: name, campaign_name_id: withId(name, id) },
      campaign_name_send_day: withId(name, day),
      ...(group !== undefined && { group_id: group }),
      ...(group !== undefined &&
        groupName !== undefined && { group_name: groupName, group_name_id: withId(groupName, group) }),
    },
  };
}

async function nameOfGroup({ store }: Pick<Ports, 'store'>, account: AccountId, id: string) {
  const found = await store.getMany([definitionKey(account, 'list', id), definitionKey(account, 'segment', id)]);
  return found.find((one) => one !== undefined)?.name;
}
