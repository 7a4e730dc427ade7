// What ids stand for: pages show names, and link only to what is there.
import { cachedFlows } from '../../../shared/domain/flows/index.ts';
import type { Flow } from '../../../shared/domain/flows/index.ts';
import { allMetrics } from '../../../shared/domain/events/index.ts';
import type { DefinitionItem, ProfileItem } from '../../../shared/storage/items.ts';
import { everything } from '../../../shared/storage/pages.ts';
import { definitionsOf, profileKey } from '../../../shared/storage/patterns.ts';
import { type Html, html, link, name } from './html.ts';
import { type View, at, href } from './view.ts';

export type Action = Flow['definition']['actions'][number];

/** The flows of the account by id. */
export async function flowsById({ system, account }: View): Promise<ReadonlyMap<string, Flow>> {
  const flows = await cachedFlows(system.world.ports.store).all(account);
  return new Map(flows.map((flow) => [flow.id, flow]));
}

/** The names of the metrics by id. */
export async function metricNames({ system, account }: View): Promise<ReadonlyMap<string, string>> {
  return new Map((await allMetrics(system.world.ports, account)).map(({ id, name: called }) => [id, called]));
}

/** The lists or segments of the account by id. */
export async function groupsById(
  { system, account }: View,
  kind: 'list' | 'segment',
): Promise<ReadonlyMap<string, DefinitionItem>> {
  const items = await everything(system.world.ports.store, definitionsOf(account, kind));
  return new Map(items.map((item) => [item.id, item]));
}

/** The profiles with these ids that are there. */
export async function peopleById(
  { system, account }: View,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ProfileItem>> {
  const keys = [...new Set(ids)].map((id) => profileKey(account, id));
  const items = await system.world.ports.store.getMany(keys);
  return new Map(items.flatMap((item) => (item ? [[item.id, item] as const] : [])));
}

/** What a person is called by: the first that is known. */
export const calledBy = ({ email, phone_number: phone, external_id: external, id }: ProfileItem): string =>
  email ?? phone ?? external ?? id;

/** A link to the person, or the bare id of one who is gone. */
export function personLink(view: View, id: string, people: ReadonlyMap<string, ProfileItem>): Html {
  const item = people.get(id);
  return item ? link(href(view, at('people', id)), calledBy(item)) : html`${name(id)} <small>gone</small>`;
}

/** A link to the flow, or the bare id of one that is gone. */
export function flowLink(view: View, id: string, flows: ReadonlyMap<string, Flow>): Html {
  const flow = flows.get(id);
  return flow ? link(href(view, at('flows', id)), flow.name) : html`${name(id)} <small>gone</small>`;
}

/** What an action does, in a few words. */
export function actionText(action: Action): string {
  if (action.type === 'time-delay') return `Wait ${amount(action.data.value, action.data.unit)}`;
  if (action.type === 'send-email') return `Email ${action.data.message.name ?? action.id}`;
  return `${action.type[0]?.toUpperCase() ?? ''}${action.type.slice(1).replaceAll('-', ' ')}`;
}

/** `unit` is a plural: 1 hour, 2 hours. */
const amount = (value: number, unit: string) => `${value} ${value === 1 ? unit.slice(0, -1) : unit}`;

/** The action of a flow, in a few words; its id when it is gone. */
export function actionIn(flow: Flow | undefined, id: string): Html {
  const action = flow?.definition.actions.find((one) => one.id === id);
  return name(action ? actionText(action) : id);
}
