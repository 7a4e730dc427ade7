// A flow as one file: its definition with the templates that it sends, and the names of what else it leans on, so that it
// can be made in another account.
import * as z from 'zod/mini';
import { list, maybe, oneOf, text } from '../../jsonapi/fields.ts';
import { ApiError, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import { metricOf } from '../events/index.ts';
import { exportTemplates, importTemplates, portableTemplates } from '../templates/index.ts';
import { define } from './define.ts';
import type { Action, Definition, Flow } from './definition.ts';
import { createFlow } from './flow.ts';
import { type RequestedDefinition, requestedDefinition } from './requested.ts';

/** The form of the file; another one would have another name. */
const format = 'millrace-flow/1';

const leanedOn = ['metric', 'list', 'segment'] as const;

/** What a file holds. */
export const portableFlow = z.strictObject({
  format: z.literal(format),
  name: text({ min: 1, max: 255 }),
  definition: requestedDefinition,
  ...portableTemplates,
  /** What the definition names by these ids, as it is called. */
  references: list(z.strictObject({ id: text(), kind: oneOf(...leanedOn), name: text(), service: maybe(text()) }), {
    max: 1000,
  }),
});

export type PortableFlow = z.infer<typeof portableFlow>;
type Reference = PortableFlow['references'][number];

/** Larger files could not be taken in again. */
const largest = 4_500_000;

/** The flow as a file. Refuses one that would be too large to be taken in. */
export async function exportFlow(ports: Ports, account: AccountId, flow: Flow): Promise<PortableFlow> {
  const definition = asNew(flow.definition);
  const ids = new Set<string>();
  withIds(definition, (id) => {
    ids.add(id);
    return id;
  });
  const known = [...ids];
  const found = await Promise.all(leanedOn.map((kind) => definitionsWith(ports.store, account, kind, known)));
  const file: PortableFlow = {
    ...{ format, name: flow.name, definition },
    ...(await exportTemplates(ports, account, known)),
    references: found.flat().map(referenceTo),
  };
  if (Buffer.byteLength(JSON.stringify(file)) <= largest) return file;
  throw refuse('payload_too_large', `The flow and its templates have more than ${largest} bytes.`);
}

function referenceTo(item: DefinitionItem): Reference {
  const { id, name } = item;
  if (item.kind === 'metric') return { id, kind: 'metric', name, service: metricOf(item).service };
  return { id, kind: item.kind === 'list' ? 'list' : 'segment', name };
}

/** The definition as a caller would write it: nothing in it has an id yet. */
function asNew(definition: Definition): RequestedDefinition {
  const actions = definition.actions.map(newAction);
  // What is stored has the form that callers write, and nothing left out.
  return { ...definition, actions } as unknown as RequestedDefinition;
}

type Loose = Readonly<Record<string, unknown>>;

function newAction({ id, ...rest }: Action): object {
  const data = 'data' in rest ? (rest.data as Loose | undefined) : undefined;
  return { temporary_id: id, ...rest, ...(data && { data: newData(data) }) };
}

function newData({ message, main_action: main, current_experiment: trial, ...data }: Loose): Loose {
  return {
    ...data,
    ...(message !== undefined && { message: without(message as Loose) }),
    ...(main !== undefined && { main_action: newAction(main as Action) }),
    ...(trial !== undefined && { current_experiment: trial && newExperiment(trial as Loose) }),
  };
}

const newExperiment = (trial: Loose): Loose => ({
  ...without(trial),
  variations: (trial['variations'] as Action[]).map(newAction),
});

const without = ({ id: _id, ...rest }: Loose): Loose => rest;

/** The fields of a definition that hold ids of the account. */
const idFields = new Set([
  ...['metric_id', 'conversion_metric_id', 'group_ids', 'list_id', 'template_id', 'trigger_id'],
]);

/** The definition with every id of the account exchanged for what `exchange` answers. */
function withIds(definition: RequestedDefinition, exchange: (id: string) => string): RequestedDefinition {
  const of = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(of);
    return typeof value === 'string' && value !== '' ? exchange(value) : value;
  };
  const changed = JSON.parse(JSON.stringify(definition), (key, value: unknown) =>
    idFields.has(key) ? of(value) : value,
  ) as RequestedDefinition;
  const triggers = changed.triggers.map((one) => ('id' in one ? { ...one, id: of(one.id) as typeof one.id } : one));
  return { ...changed, triggers };
}

const withoutTemplates = (definition: RequestedDefinition): RequestedDefinition =>
  JSON.parse(JSON.stringify(definition), (key, value: unknown) =>
    key === 'template_id' ? null : value,
  ) as RequestedDefinition;

/** Makes the flow of a file, as a draft; refuses, before it makes anything, what the account lacks, by name. */
export async function importFlow(ports: Ports, account: AccountId, file: PortableFlow): Promise<Flow> {
  const known = await resolved(ports, account, file.references);
  const exchanged = withIds(file.definition, (id) => known.get(id) ?? id);
  // Once without the templates: what is wrong with the definition is said before they are made.
  await define(ports, account, withoutTemplates(exchanged));
  const templates = await importTemplates(ports, account, file, '/data/attributes');
  const definition = withIds(exchanged, (id) => templates.get(id) ?? id);
  return createFlow(ports, account, { name: file.name, definition: await define(ports, account, definition) });
}

/** The ids that the account has for what the file names; one by that id and name is taken before others of the name. */
async function resolved(ports: Ports, account: AccountId, references: readonly Reference[]) {
  const kinds = leanedOn.filter((kind) => references.some((one) => one.kind === kind));
  const items = await Promise.all(kinds.map((kind) => everything(ports.store, definitionsOf(account, kind))));
  const there = items.flat().map(referenceTo);
  const found = references.map((one) => ({ one, candidates: candidatesFor(one, there) }));
  const faults = found.flatMap(({ one, candidates }, index) => {
    if (candidates.length === 1) return [];
    const of = one.kind === 'metric' ? ` of the service "${one.service ?? ''}"` : '';
    const says = candidates.length === 0 ? `There is no ${one.kind}` : `There is more than one ${one.kind}`;
    const source = { pointer: `/data/attributes/references/${index}` };
    return [{ code: 'invalid', detail: `${says} called "${one.name}"${of} in this account.`, source } as const];
  });
  const [first, ...others] = faults;
  if (first) throw new ApiError(first, ...others);
  return new Map(found.map(({ one, candidates }) => [one.id, candidates[0]?.id ?? one.id]));
}

function candidatesFor({ id, kind, name, service }: Reference, there: readonly Reference[]): readonly Reference[] {
  const named = there.filter(
    (one) => one.kind === kind && one.name === name && (kind !== 'metric' || one.service === service),
  );
  const same = named.filter((one) => one.id === id);
  return same.length > 0 ? same : named;
}
