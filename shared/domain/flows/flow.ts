// Flows as definitions of the account: reading, making, switching and removing them.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import {
  type Definitions,
  cachedDefinitions,
  createDefinition,
  definitionItem,
  readDefinition,
  removeDefinition,
  writeDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, definitionsOf } from '../../storage/patterns.ts';
import type { Store } from '../../storage/store.ts';
import type { Action, Definition, Flow } from './definition.ts';
import { statusOf } from './graph.ts';
import { checkReady } from './ready.ts';

/** What `DefinitionItem.data` holds of a flow. */
type FlowData = Pick<Flow, 'status' | 'definition'> & Partial<Pick<Flow, 'removed'>>;

/** A stored flow. */
export function flowOf({ id, version, name, created, updated, data }: DefinitionItem): Flow {
  const { status, definition, removed = {} } = JSON.parse(data) as FlowData;
  return { id, version, name, status, created, updated, definition, removed };
}

const parsed = new WeakMap<DefinitionItem, Flow>();

/** The same, taken apart once for all who are given the same item (`readingOnce`): not to be changed. */
function flowIn(item: DefinitionItem): Flow {
  const flow = parsed.get(item) ?? flowOf(item);
  parsed.set(item, flow);
  return flow;
}

/** The flows of an account, held by a worker: make one per container. */
export function cachedFlows(store: Store): Definitions<Flow> {
  return cachedDefinitions(store, 'flow', flowOf);
}

/** All flows of the account. */
export async function allFlows(ports: Ports, account: AccountId): Promise<Flow[]> {
  return (await everything(ports.store, definitionsOf(account, 'flow'))).map(flowOf);
}

/** The flows that the metric, list or segment with this id triggers. */
export async function flowsTriggeredBy(ports: Ports, account: AccountId, id: string): Promise<Flow[]> {
  return (await allFlows(ports, account)).filter(
    ({ definition: { triggers } }) => 'id' in triggers[0] && triggers[0].id === id,
  );
}

/** The flow, or undefined when there is none. */
export async function findFlow(ports: Ports, account: AccountId, id: string): Promise<Flow | undefined> {
  const item = await ports.store.get(definitionKey(account, 'flow', id));
  return item && flowIn(item);
}

/** The flow, or a 404. */
export async function readFlow(ports: Ports, account: AccountId, id: string): Promise<Flow> {
  return flowOf(await readDefinition(ports.store, account, 'flow', id));
}

/** Keeps a new flow as a draft. `definition` is checked (`define`). */
export async function createFlow(
  ports: Ports,
  account: AccountId,
  input: { name: string; definition: Definition },
): Promise<Flow> {
  const { name, definition } = input;
  const flow: Flow = {
    id: ports.ids.short(),
    ...firstVersion(ports),
    name,
    status: 'draft',
    definition,
    removed: {},
  };
  await createDefinition(ports.store, itemOf(account, flow));
  return flow;
}

/** Gives the flow and all its actions the status; whoever is in the flow goes on under it. */
export function setStatus(ports: Ports, account: AccountId, id: string, status: Flow['status']): Promise<Flow> {
  return changeFlow(ports, account, id, (flow) => ({
    ...flow,
    status,
    definition: withStatus(flow.definition, status),
  }));
}

/** Changes the flow, or a 404; `change` may be asked again when another change came first. Answers it as it is then. */
export function changeFlow(
  ports: Ports,
  account: AccountId,
  id: string,
  change: (flow: Flow) => Flow | Promise<Flow>,
): Promise<Flow> {
  return untilWon(async () => {
    const before = await readFlow(ports, account, id);
    const updated = sortable(ports.clock.now());
    const flow: Flow = { ...(await change(before)), version: before.version + 1, updated };
    await writeDefinition(ports.store, itemOf(account, flow));
    return flow;
  });
}

/** Removes the flow, or a 404; whoever is in it leaves it with the next step. */
export async function removeFlow(ports: Ports, account: AccountId, id: string): Promise<void> {
  await removeDefinition(ports.store, account, 'flow', id);
}

function withStatus(definition: Definition, status: Flow['status']): Definition {
  const actions = definition.actions.map((action): Action => {
    if (statusOf(action) === undefined || !('data' in action)) return action;
    // An action with a status has it in its data.
    return { ...action, data: { ...(action.data as object), status } } as Action;
  });
  const changed = { ...definition, actions };
  checkReady(changed);
  return changed;
}

function itemOf(account: AccountId, flow: Flow): DefinitionItem {
  const { status, definition, removed } = flow;
  const item = definitionItem(account, 'flow', flow, { status, definition, removed } satisfies FlowData);
  // Definitions are kept whole in one item, which holds 400 KB.
  if (Buffer.byteLength(item.data) > 350_000) {
    throw refuse('payload_too_large', 'The definition is too large: 350,000 bytes fit.', '/data/attributes/definition');
  }
  return item;
}
