// Many profiles at once, with few round trips: all claims are read together, then all profiles, then each is written
// once. What is not plain (several profiles for one person, a race) is left to upsertProfile, whose rules hold here too.
import { ApiError, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { identifierKey, profileKey } from '../../storage/patterns.ts';
import { type Check, isConflict } from '../../storage/store.ts';
import { isSecondary } from './emails.ts';
import { readForgotten } from './forget.ts';
import { type ProfileInput, identifiersSet, identifiersTold, precedence } from './input.ts';
import { applied, saysTheSame } from './patch.ts';
import { Forgotten, mayBeAnother, upsertProfile } from './upsert.ts';
import { type InputGroup, type OwnerOf, groupsOf } from './upsert-groups.ts';
import { heldBeside, heldBy, newProfile, writeProfile } from './write.ts';

/** What became of one input: the id of its profile, or why it was refused. */
export type Upserted = { profile: string } | { refused: ApiError };

/** People whose profiles are written side by side. */
const abreast = 25;
/** Free identifiers of one person in a batch; with more than so many they do not fit into one transaction. */
const mostChecks = 20;

/**
 * Creates or changes the profiles that the inputs mean, as `upsertProfile` would do one after the other; inputs that have
 * nothing in common are done side by side. Answers for each input, in their order; a refusal holds up no other. Nobody is
 * brought back who was forgotten after `told`, when the inputs were taken in, milliseconds, nor given to somebody else.
 */
export async function upsertProfiles(
  ports: Ports,
  account: AccountId,
  inputs: readonly ProfileInput[],
  told: Instant,
): Promise<Upserted[]> {
  const ownerOf = await ownersOf(ports, account, inputs);
  const groups = groupsOf(inputs, ownerOf);
  const ids = [...new Set(groups.flatMap(({ profiles }) => profiles))];
  const items = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  const stored = new Map(items.flatMap((item) => (item ? [[item.id, item] as const] : [])));
  const done = new Map<number, Upserted>();
  await inParallel(groups, abreast, async (group) => {
    const saying = group.places.flatMap((place) => inputs[place] ?? []);
    const profile = saying.some(({ exchange }) => exchange) ? undefined : meant(group, stored);
    const isBack = profile !== undefined && profile !== 'new' && mayBeAnother(profile, told);
    const names = saying.flatMap(identifiersTold);
    const asked = names.filter(({ kind, value }) => isBack || ownerOf(kind, value) === undefined);
    const { at = -Infinity, unchanged } = await readForgotten(ports, account, asked);
    const isLate = at >= told;
    const isPlain = !isLate && unchanged.length <= mostChecks;
    const outcomes =
      isLate && profile === 'new'
        ? saying.map(() => ({ refused: forgotten() }))
        : ((isPlain ? await atOnce(ports, account, saying, { profile, checks: unchanged }) : undefined) ??
          (await inTurn(ports, account, saying, told)));
    for (const [i, outcome] of outcomes.entries()) done.set(group.places[i] ?? -1, outcome);
  });
  return inputs.flatMap((_, place) => done.get(place) ?? []);
}

const forgotten = () => refuse('not_allowed', 'The person was forgotten after this was sent.');

async function ownersOf(ports: Ports, account: AccountId, inputs: readonly ProfileInput[]): Promise<OwnerOf> {
  const keys = new Map(
    inputs.flatMap(identifiersTold).map(({ kind, value }) => [`${kind} ${value}`, identifierKey(account, kind, value)]),
  );
  const claims = await ports.store.getMany([...keys.values()]);
  const owners = new Map([...keys.keys()].map((name, i) => [name, claims[i]?.profile]));
  return (kind, value) => owners.get(`${kind} ${value}`);
}

/** The one profile that a group is about: as it is stored, or `new`. Undefined when there are several, or it is gone. */
function meant({ profiles }: InputGroup, stored: ReadonlyMap<string, ProfileItem>): ProfileItem | 'new' | undefined {
  const [id, ...others] = profiles;
  if (id === undefined) return 'new';
  return others.length === 0 ? stored.get(id) : undefined;
}

/** All inputs of a group applied to its profile, written once; undefined, and nothing written, when that is not plain. */
async function atOnce(
  ports: Ports,
  account: AccountId,
  inputs: readonly ProfileInput[],
  { profile, checks }: { profile: ProfileItem | 'new' | undefined; checks: readonly Check[] },
): Promise<Upserted[] | undefined> {
  if (profile === undefined) return undefined;
  const before = profile === 'new' ? undefined : profile;
  const fold = folded(before ?? newProfile(ports, account), inputs);
  if (fold === undefined) return undefined;
  const { next, outcomes } = fold;
  const isSaid = before === undefined ? isHeld(next) : !saysTheSame(before, next);
  try {
    if (isSaid) await writeProfile(ports, account, { before, next, checks });
  } catch (error) {
    if (isConflict(error) || error instanceof ApiError) return undefined;
    throw error;
  }
  return outcomes;
}

/** The inputs applied one after the other; undefined once one of them would not find the profile as it is by then. */
function folded(
  before: ProfileItem,
  inputs: readonly ProfileInput[],
): { next: ProfileItem; outcomes: Upserted[] } | undefined {
  const outcomes: Upserted[] = [];
  let next = before;
  for (const input of inputs) {
    if (isHeld(next) && !finds(input, next)) return undefined;
    try {
      next = applied(next, keepingPrimary(input, next));
      outcomes.push({ profile: next.id });
    } catch (error) {
      outcomes.push(refusalOf(error));
    }
  }
  return { next, outcomes };
}

/** True once a profile has an identifier: a new one takes its first from the first input that is not refused. */
const isHeld = (item: ProfileItem) => precedence.some((kind) => item[kind] !== undefined);

const finds = (input: ProfileInput, item: ProfileItem) => {
  if (input.id === item.id) return true;
  const held = heldBy(item);
  return identifiersSet(input.identifiers).some((one) => heldBeside([one], held).length === 0);
};

/** As `upsertProfile` has it: who is named by a secondary address keeps the primary one. */
function keepingPrimary(input: ProfileInput, item: ProfileItem): ProfileInput {
  const { email, ...identifiers } = input.identifiers;
  return isSecondary(item, email) ? { ...input, identifiers } : input;
}

async function inTurn(
  ports: Ports,
  account: AccountId,
  inputs: readonly ProfileInput[],
  told: Instant,
): Promise<Upserted[]> {
  const outcomes: Upserted[] = [];
  for (const input of inputs) {
    try {
      // Who was forgotten in the very instant was forgotten afterwards.
      outcomes.push({ profile: (await upsertProfile(ports, account, input, 'refuse', told - 1)).profile.id });
    } catch (error) {
      outcomes.push(error instanceof Forgotten ? { refused: forgotten() } : refusalOf(error));
    }
  }
  return outcomes;
}

/** A refusal as an outcome; whatever else was thrown is thrown again. */
function refusalOf(error: unknown): Upserted {
  if (error instanceof ApiError) return { refused: error };
  throw error;
}
