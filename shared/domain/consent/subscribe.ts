// One row of a subscribe job. Done again it changes nothing: every grant carries the job's own time.
import type { AccountId } from '../../kernel/ids.ts';
import { ApiError, refuse } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import type { ConsentKind } from '../../storage/items.ts';
import {
  Forgotten,
  type ConsentMethod,
  type Standing,
  contactKindOf,
  findProfile,
  isForgotten,
  livingProfile,
  readContact,
  registerPushToken,
  standingOf,
  upsertProfile,
} from '../identity/index.ts';
import { addToList, isOnList } from './membership.ts';
import { awaitConfirmation, inputOf, isBarred, standingOfEmail } from './opt-in.ts';
import { type RowWord, type RowWork, type SubscriptionRow, namesIn } from './rows.ts';
import { grant } from './words.ts';

/** What becomes of email in a row: granted at once, granted when it is confirmed, nothing. */
type Way = 'at once' | 'confirmed' | 'not at all';

const isOfEmail = ({ kind }: RowWord) => contactKindOf(kind) === 'email';

/** Subscribes the person of a row. Refuses, with an ApiError, what concerns this row alone. */
export async function subscribeRow(ports: Ports, account: AccountId, work: RowWork): Promise<void> {
  const { job, person } = work;
  if (await isForgotten(ports, account, namesIn(person), work.at)) throw forgotten();
  const email = person.words.filter(isOfEmail);
  const address = email.length === 0 ? undefined : await addressOf(ports, account, person);
  const way = address === undefined ? 'at once' : await wayOf(ports, account, work, address);
  const granted = (await allowed(ports, account, work)).filter((word) => way === 'at once' || !isOfEmail(word));
  if (way === 'confirmed' && address !== undefined) await letWait(ports, account, work, { address, words: email });
  // Until the confirmation there is no profile; nothing that was asked for may leave a trace either.
  if (way !== 'at once' && granted.length === 0) return;
  const profile = await told(ports, account, work, way);
  const of = (kind: ConsentKind) =>
    ofKind(kind, { ...person, ...(address !== undefined && { email: address }) }, profile);
  for (const word of granted) {
    await grant(ports, account, {
      kind: word.kind,
      of: of(word.kind),
      at: word.at ?? work.at,
      how: howOf(work),
      told: work.at,
      ...(job.historical && { historical: true }),
      ...(job.list !== undefined && way === 'at once' && { list: job.list }),
    });
  }
  await registerDevices(ports, account, work, profile.id);
  if (job.list === undefined || way !== 'at once' || !joins(work)) return;
  await addToList(ports, account, job.list, [profile.id], { at: work.at, quiet: job.historical === true });
}

/** Devices are registered for those who take push messages: a no that came after the job was accepted stays. */
async function registerDevices(ports: Ports, account: AccountId, { person, at }: RowWork, id: string): Promise<void> {
  const { devices = [] } = person;
  if (devices.length === 0) return;
  const profile = await livingProfile(ports, account, id);
  if (profile?.consents?.push?.state !== 'SUBSCRIBED') return;
  const named = { id: profile.id, identifiers: {}, attributes: {} };
  for (const device of devices) await registerPushToken(ports, account, device, { profile: named, rule: 'leave', at });
}

/** Where double opt-in applies, only a confirmation lets people in, or consent on a channel that knows none. */
const joins = ({ job, person }: RowWork) => !job.confirm || person.words.some(({ kind }) => kind === 'push');

const forgotten = () => refuse('invalid', 'This person was forgotten after the job was accepted.');

const howOf = ({ job: { byVisitor, customSource, key } }: RowWork): ConsentMethod => ({
  method: 'API',
  detail: byVisitor ? 'Client API' : (key ?? null),
  customDetail: customSource ?? null,
});

async function addressOf(ports: Ports, account: AccountId, person: SubscriptionRow): Promise<string> {
  const address = person.email ?? (await known(ports, account, person))?.email;
  if (address === undefined) throw refuse('invalid', 'There is no email address to subscribe.');
  return address;
}

const known = (ports: Ports, account: AccountId, { id, ...row }: SubscriptionRow) =>
  findProfile(ports, account, { ...(id !== undefined && { id }), ...namesIn(row) });

async function wayOf(ports: Ports, account: AccountId, { job, person }: RowWork, address: string): Promise<Way> {
  const asksForMarketing = person.words.some(({ kind }) => kind === 'email');
  if (!job.byVisitor && !(job.confirm && asksForMarketing)) return 'at once';
  const standing = await standingOfEmail(ports, account, address);
  if (job.byVisitor && isBarred(standing)) return 'not at all';
  const waits = (job.confirm && asksForMarketing) || isOut(standing, job.list);
  if (!waits) return 'at once';
  return (await isIn(ports, account, { job, person, standing, address })) ? 'not at all' : 'confirmed';
}

/** Whoever said no comes back by a confirmation only, whatever a visitor claims. */
const isOut = ({ consents, suppressions, listSuppressions }: Standing, list: string | undefined) =>
  consents.email?.state === 'UNSUBSCRIBED' ||
  consents.open_tracking?.state === 'UNSUBSCRIBED' ||
  suppressions.length > 0 ||
  listSuppressions.some((one) => one.list === list);

/** True when there is nothing left to confirm. */
async function isIn(
  ports: Ports,
  account: AccountId,
  { job, standing, address }: Pick<RowWork, 'job' | 'person'> & { standing: Standing; address: string },
): Promise<boolean> {
  if (standing.consents.email?.state !== 'SUBSCRIBED' || isOut(standing, job.list)) return false;
  if (job.list === undefined) return true;
  const profile = await findProfile(ports, account, { email: address });
  return profile !== undefined && isOnList(ports, account, job.list, profile.id);
}

/** What of the row may be granted: a visitor does not bring back a number whose owner said no. */
async function allowed(ports: Ports, account: AccountId, { job, person }: RowWork): Promise<RowWord[]> {
  const number = person.phone_number;
  if (!job.byVisitor || number === undefined) return person.words;
  const { item } = await readContact(ports, account, { kind: 'phone_number', value: number });
  const { consents } = standingOf(item);
  return person.words.filter(({ kind }) => isOfEmail({ kind }) || consents[kind]?.state !== 'UNSUBSCRIBED');
}

async function letWait(
  ports: Ports,
  account: AccountId,
  { job, person, at: told }: RowWork,
  { address, words }: { address: string; words: RowWord[] },
): Promise<void> {
  const { customSource = null, byVisitor = false, list } = job;
  try {
    await awaitConfirmation(ports, account, { address, list, told, person, words, customSource, byVisitor });
  } catch (error) {
    if (error instanceof Forgotten) throw forgotten();
    // A visitor is told nothing, and there is nobody to read the job's errors; the log has it.
    if (!byVisitor || !(error instanceof ApiError)) throw error;
  }
}

/** The profile of the row, made or changed; an address that waits is not written to it. */
async function told(ports: Ports, account: AccountId, work: RowWork, way: Way) {
  const { job, person, at } = work;
  try {
    // Who is forgotten in the very instant is forgotten afterwards.
    const rule = job.byVisitor ? 'keep' : 'leave';
    return (await upsertProfile(ports, account, await saidOf(ports, account, person, way), rule, at - 1)).profile;
  } catch (error) {
    throw error instanceof Forgotten ? forgotten() : error;
  }
}

async function saidOf(ports: Ports, account: AccountId, person: SubscriptionRow, way: Way) {
  if (way === 'at once') return inputOf(person);
  const found = person.id ?? (await known(ports, account, person))?.id;
  const { phone_number, anonymous_id } = namesIn(person);
  const identifiers = { ...(phone_number && { phone_number }), ...(anonymous_id && { anonymous_id }) };
  return { attributes: {}, identifiers, ...(found !== undefined && { id: found }) };
}

/** What a consent is given for: the address or number of the row, else of the profile. Refuses when there is none. */
export function ofKind(
  kind: ConsentKind,
  person: Omit<SubscriptionRow, 'words'>,
  profile: { id: string; email?: string; phone_number?: string } | undefined,
): string {
  const contact = contactKindOf(kind);
  const value = contact === undefined ? profile?.id : (person[contact] ?? profile?.[contact]);
  if (value !== undefined) return value;
  const what = contact === 'email' ? 'email address' : contact === 'phone_number' ? 'phone number' : 'profile';
  throw refuse('invalid', `There is no ${what} that this concerns.`);
}
