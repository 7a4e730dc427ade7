// Segments as definitions. Whatever changes one raises the stamp; the change feed starts the build.
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf, sortable } from '../../kernel/time.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import {
  definitionItem,
  firstVersion,
  readDefinition,
  readStamp,
  removeDefinition,
  writeDefinition,
} from '../../storage/definitions.ts';
import type { BuildItem, DefinitionItem } from '../../storage/items.ts';
import { buildKey } from '../../storage/patterns.ts';
import type { Definition } from './definition.ts';
import { type Segment, type SegmentData, segmentOf } from './segment.ts';

/** The segment, or a 404. */
export async function readSegment(ports: Ports, account: AccountId, id: string): Promise<Segment> {
  return segmentOf(await readDefinition(ports.store, account, 'segment', id));
}

/** As many calls may change segments at once; each round one of them wins. */
const attempts = 30;

/** Makes a segment, unless `admit` refuses; no other changes in between. The change feed has its members found. */
export async function createSegment(
  ports: Ports,
  account: AccountId,
  input: { name: string; definition: Definition; starred: boolean },
  admit = async () => {},
): Promise<Segment> {
  const first = firstVersion(ports);
  const segment: Segment = {
    id: ports.ids.short(),
    name: input.name,
    ...first,
    definition: input.definition,
    is_starred: input.starred,
    is_active: true,
    edition: 1,
    edited: first.created,
  };
  return untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'segment');
    await admit();
    await writeDefinition(ports.store, itemOf(account, segment), [], stamp);
    return segment;
  }, attempts);
}

/** What may be changed of a segment. */
export interface SegmentChange {
  name?: string;
  definition?: Definition;
  starred?: boolean;
  active?: boolean;
}

/**
 * Changes the segment, unless `admit` refuses; no segment changes in between. A new definition and being activated again
 * make a new edition, whose members are built.
 */
export async function updateSegment(
  ports: Ports,
  account: AccountId,
  id: string,
  change: SegmentChange,
  admit: (before: Segment) => Promise<void> = async () => {},
): Promise<Segment> {
  return untilWon(async () => {
    const stamp = await readStamp(ports.store, account, 'segment');
    const before = await readSegment(ports, account, id);
    await admit(before);
    const version = before.version + 1;
    const updated = sortable(ports.clock.now());
    const active = change.active ?? before.is_active;
    const rebuilt = active && (change.definition !== undefined || !before.is_active);
    const next: Segment = {
      ...before,
      version,
      name: change.name ?? before.name,
      updated,
      definition: change.definition ?? before.definition,
      is_starred: change.starred ?? before.is_starred,
      is_active: active,
      ...(rebuilt && { edition: version, edited: updated, previous: await inForce(ports, account, before) }),
    };
    await writeDefinition(ports.store, itemOf(account, next), [], stamp);
    return next;
  }, attempts);
}

/** The definition by which members come and go now; undefined while they are being found, or stay as they are. */
async function inForce(ports: Ports, account: AccountId, segment: Segment): Promise<Definition | undefined> {
  const build = await ports.store.get(buildKey(account, segment.id));
  return segment.is_active && !isProcessing(segment, build) ? segment.definition : undefined;
}

/** Removes the segment, or a 404; its members leave it in a build that the change feed starts. */
export async function removeSegment(ports: Ports, account: AccountId, id: string): Promise<void> {
  await removeDefinition(ports.store, account, 'segment', id);
}

function itemOf(account: AccountId, segment: Segment): DefinitionItem {
  const { id, name, version, created, updated, ...data } = segment;
  const outline = { id, name, version, created, updated };
  return definitionItem(account, 'segment', outline, data satisfies SegmentData);
}

/** Segments as the API shows them, in the same order. */
export async function segmentDocuments(
  ports: Ports,
  account: AccountId,
  segments: readonly Segment[],
): Promise<Resource[]> {
  const builds = await ports.store.getMany(segments.map(({ id }) => buildKey(account, id)));
  return segments.map((segment, i) => segmentDocument(segment, builds[i]));
}

/** Whether the members of its newest edition are still being found; `build` is what is known of its builds. */
export function isProcessing(segment: Segment, build: BuildItem | undefined): boolean {
  const built = build?.version === segment.edition && build.finished !== undefined;
  return segment.is_active && !built;
}

/** A segment as the API shows it, with the build that is known of it. */
function segmentDocument(segment: Segment, build: BuildItem | undefined): Resource {
  return {
    type: 'segment',
    id: segment.id,
    attributes: {
      name: segment.name,
      definition: segment.definition,
      created: isoOf(segment.created),
      updated: isoOf(segment.updated),
      is_active: segment.is_active,
      is_processing: isProcessing(segment, build),
      is_starred: segment.is_starred,
    },
  };
}
