// docs/table.md: what is written by hand stays; what the code knows better is put between its markers.
// `node test/support/table-page.ts --write` brings the page up to date; a test holds it there.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountId } from '../../shared/kernel/ids.ts';
import * as patterns from '../../shared/storage/patterns.ts';
import { type Measured, measurePaths } from './measured-paths.ts';

const page = 'docs/table.md';
const account = accountId('account');
const profile = 'profile';

/** What only reads keys that were made, or counts shards. */
type Reading =
  | 'shards'
  | 'shardsUpTo'
  | 'shardOfEvent'
  | 'cancelPlaces'
  | 'everyShard'
  | 'partsOf'
  | 'accountOf'
  | 'profileOf'
  | 'anyList'
  | 'contactHashOf'
  | 'timeOfMark'
  | 'joinedOf'
  | 'joinedUntil'
  | 'reasonOf'
  | 'entryIdOf'
  | 'entryUidOf'
  | 'codeIdOf'
  | 'tallied'
  | 'feedParts'
  | 'feedPartOf'
  | 'known';
export const reading: readonly Reading[] = [
  'shards',
  'shardsUpTo',
  'shardOfEvent',
  'cancelPlaces',
  'everyShard',
  'partsOf',
  'accountOf',
  'profileOf',
  'anyList',
  'contactHashOf',
  'timeOfMark',
  'joinedOf',
  'joinedUntil',
  'reasonOf',
  'entryIdOf',
  'entryUidOf',
  'codeIdOf',
  'tallied',
  'feedParts',
  'feedPartOf',
  'known',
];

interface Shape {
  index?: string;
  partition: string;
  sort: string;
}

const key = ({ pk, sk }: { pk: string; sk: string }): Shape => ({ partition: pk, sort: sk });
const fed = ({ gpk, gsk }: { gpk: string; gsk: string }): Shape => ({ index: 'feed', partition: gpk, sort: gsk });

interface Reads {
  index?: string;
  partition: string;
  begins?: string;
  from?: string;
  to?: string;
}

const query = ({ index, partition, begins, from, to }: Reads): Shape => ({
  ...(index !== undefined && { index }),
  partition,
  sort: begins !== undefined ? `${begins}…` : from === undefined && to === undefined ? 'all' : `${from} … ${to}`,
});

const contact = patterns.contactKey(account, 'email', 'keyed hash');
const quoting = patterns.forgottenKey(account, 'email', 'keyed hash');
const suppressed = patterns.suppressedItem(account, profile, { list: 'list', reason: 'UNSUBSCRIBE' }, 'since');
const dropped = patterns.droppedKey(account, 'time', 'id');
const marks = patterns.eventsOfProfile(account, profile, 'metric', { from: 'from', to: 'to' });

const place = { id: 'id', uid: 'uid', created: 'created' };
const link = patterns.categoryLink(account, place, { id: 'category', uid: 'uid of category' });

/** Every key and query with the names of its parts in their places. Shards are numbers: any stands for all. */
export const shapes: Readonly<Record<Exclude<keyof typeof patterns, Reading>, readonly Shape[]>> = {
  profileKey: [key(patterns.profileKey(account, profile))],
  stateKey: [key(patterns.stateKey(account, profile))],
  totalsKey: [key(patterns.totalsKey(account, profile))],
  piecesKey: [key(patterns.piecesKey(account, profile, 'condition', 'end'))],
  allPiecesOf: [query(patterns.allPiecesOf(account, profile))],
  wasMemberKey: [key(patterns.wasMemberKey(account, profile, 'segment', 'source'))],
  mergedKey: [key(patterns.mergedKey(account, profile))],
  profileWithState: [query(patterns.profileWithState(account, profile))],
  everythingOf: [query(patterns.everythingOf(account, profile))],
  keyAt: [key(patterns.keyAt(account, profile, { pk: '', sk: 'sort key of an item' }))],
  personAtAGlance: [query(patterns.personAtAGlance(account, profile))],
  identifierKey: [key(patterns.identifierKey(account, 'email', 'value'))],
  contactKey: [key(contact)],
  consentRecordKey: [key(patterns.consentRecordKey(contact, 'recorded', 1, 'what'))],
  allOfContact: [query(patterns.allOfContact(contact))],
  erasedKey: [key(patterns.erasedKey(account, profile))],
  forgottenKey: [key(patterns.forgottenKey(account, 'email', 'keyed hash'))],
  quotedKey: [key(patterns.quotedKey(quoting, { type: 'import', id: 'id' }, 12))],
  quotedIn: [query(patterns.quotedIn(quoting))],
  consentRecords: [query(patterns.consentRecords(contact))],
  optInKey: [key(patterns.optInKey(contact, 'list'))],
  counterKey: [key(patterns.counterKey(account, 'what', 'span'))],
  profileIndex: profileIndex(),
  profilesByCreation: [query(patterns.profilesByCreation(account, 0))],
  profilesByUpdate: [query(patterns.profilesByUpdate(account, 0))],
  profilesByAddress: [query(patterns.profilesByAddress(account, 0))],
  suppressedItem: [key(suppressed), fed(suppressed)],
  suppressionsOfProfile: [query(patterns.suppressionsOfProfile(account, profile))],
  suppressedInOrder: [query(patterns.suppressedInOrder(account, { list: 'list', reason: 'UNSUBSCRIBE' }, 0))],
  pushTokenKey: [key(patterns.pushTokenKey(account, profile, 'token'))],
  pushTokenClaimKey: [key(patterns.pushTokenClaimKey(account, 'token'))],
  pushTokenIndex: [fed(patterns.pushTokenIndex(account, profile, 'token', 'created'))],
  pushTokensByCreation: [query(patterns.pushTokensByCreation(account, 0))],
  pushTokensOfProfile: [query(patterns.pushTokensOfProfile(account, profile))],
  repeatedKey: [key(patterns.repeatedKey(account, profile, 'metric', 'hash'))],
  repeatedIndex: [fed(patterns.repeatedIndex(account, profile, 'metric', 'hash', 'time'))],
  repeatedOfMetric: [query(patterns.repeatedOfMetric(account, 'metric', 0, { from: 'from', to: 'to' }))],
  droppedKey: [key(dropped), fed(dropped)],
  droppedInOrder: [query(patterns.droppedInOrder(account, 0, { from: 'from', to: 'to' }))],
  refusedRowIndex: [fed(patterns.refusedRowIndex(account, { type: 'import', id: 'id', created: 'created' }, 12))],
  refusedRows: [query(patterns.refusedRows(account, 0, { from: 'from', to: 'to' }))],
  tallyKey: [key(patterns.tallyKey(account, 'metric', 'day'))],
  talliesOfDays: [query(patterns.talliesOfDays(account, 'metric', 'from', 'to'))],
  untalliedKey: [key(patterns.untalliedKey(account, 'metric', 'quarter'))],
  untalliedQuarters: [query(patterns.untalliedQuarters(account, 'metric', 'from', 'to'))],
  lastSentKey: [key(patterns.lastSentKey(account, profile, 'email'))],
  lastTextKey: [key(patterns.lastTextKey(contact))],
  eventKey: [key(patterns.eventKey(account, profile, 'metric', 'hash'))],
  eventAt: [key(patterns.eventAt(account, profile, 'sort key of an event'))],
  eventIndex: eventIndex(),
  eventsOfProfile: [query(marks)],
  eventsOfProfileFrom: [query(patterns.eventsOfProfileFrom(marks, 'metric', { time: 'time', hash: 'hash' }, false))],
  eventsOfMetric: [query(patterns.eventsOfMetric(account, 'metric', 0, { from: 'from', to: 'to' }))],
  metricPropertiesKey: [key(patterns.metricPropertiesKey(account, 'metric'))],
  memberIndex: [fed(patterns.memberIndex(account, 'group', profile, 'joined'))],
  listMemberKey: [key(patterns.listMemberKey(account, profile, 'list'))],
  segmentMemberKey: [key(patterns.segmentMemberKey(account, profile, 'segment'))],
  membersOfGroup: [query(patterns.membersOfGroup(account, 'group', 0))],
  listsOfProfile: [query(patterns.listsOfProfile(account, profile))],
  segmentsOfProfile: [query(patterns.segmentsOfProfile(account, profile))],
  buildKey: [key(patterns.buildKey(account, 'segment'))],
  enrolmentKey: [key(patterns.enrolmentKey(account, profile, 'enrolment'))],
  entryKey: [key(patterns.entryKey(account, profile, 'flow'))],
  messageKey: [key(patterns.messageKey(account, profile, 'message'))],
  enrolmentIndex: [fed(patterns.enrolmentIndex(account, 'flow', profile, 'entered', 'enrolment'))],
  enrolmentAt: [key(patterns.enrolmentKey(account, profile, 'enrolment'))],
  shortLinkKey: [key(patterns.shortLinkKey(account, 'token'))],
  reviewIndex: [fed(patterns.reviewIndex(account, 'action', 'created', 'message'))],
  messageAt: [key(patterns.messageKey(account, profile, 'message'))],
  messagesInReview: [query(patterns.messagesInReview(account, 'action', 0))],
  enrolmentsOfFlow: [query(patterns.enrolmentsOfFlow(account, 'flow', 0))],
  reachedKey: [key(patterns.reachedKey(account, profile, 'campaign'))],
  dropsKey: [key(patterns.dropsKey(account, 'item'))],
  restockKey: [key(patterns.restockKey(account, 'variant'))],
  toldKey: [key(patterns.toldKey(account, profile, 'flow', 'variant'))],
  waitingIndex: lately(patterns.waitingIndex(account, 'variant', profile, 'entered', 'enrolment')),
  waitingFor: [query(patterns.waitingFor(account, 'variant', 0))],
  touchKey: [key(patterns.touchKey(account, profile, 'item', 'viewed'))],
  touchesOf: [query(patterns.touchesOf(account, profile, 'item'))],
  touchIndex: [fed(patterns.touchIndex(account, 'item', 'viewed', profile, 'time'))],
  touchedSince: [query(patterns.touchedSince(account, 'item', 'viewed', 0, 'from'))],
  enrolmentsOfProfile: [query(patterns.enrolmentsOfProfile(account, profile))],
  messagesOfProfile: [query(patterns.messagesOfProfile(account, profile))],
  recipientKey: [key(patterns.recipientKey(account, { campaign: 'campaign', run: 'run' }, 'id'))],
  recipientsOf: [query(patterns.recipientsOf(account, { campaign: 'campaign', run: 'run' }, 0))],
  cancelledKey: [key(patterns.cancelledKey(account, { campaign: 'campaign', run: 'run' }, 0))],
  campaignCountsKey: [key(patterns.campaignCountsKey(account, { campaign: 'campaign', run: 'run' }, 0))],
  campaignCounts: [query(patterns.campaignCounts(account, { campaign: 'campaign', run: 'run' }))],
  estimateKey: [key(patterns.estimateKey(account, 'campaign'))],
  dueKey: [key(patterns.dueKey(account, '2026-11-23T21:53:00.000Z', 'id'))],
  dueInMinute: [query(patterns.dueInMinute(account, '2026-11-23T21:53', 0))],
  dueBetween: [query(patterns.dueBetween(account, '2026-11-23T21:53', '2026-11-23T22:00', 0))],
  sweptKey: [key(patterns.sweptKey(account))],
  definitionKey: [key(patterns.definitionKey(account, 'segment', 'id'))],
  definitionsOf: [query(patterns.definitionsOf(account, 'segment'))],
  nameKey: [key(patterns.nameKey(account, 'custom-metric', 'name'))],
  templateBodyKey: [key(patterns.templateBodyKey(account, 'template'))],
  taggedKey: [key(patterns.taggedKey(account, 'list', 'id'))],
  taggedOf: [query(patterns.taggedOf(account, 'list'))],
  stampKey: [key(patterns.stampKey(account, 'segment'))],
  jobKey: [key(patterns.jobKey(account, 'import', 'id'))],
  jobsOfType: [query(patterns.jobsOfType(account, 'import'))],
  jobErrorKey: [key(patterns.jobErrorKey(account, { type: 'import', id: 'id' }, 12))],
  jobProfilesKey: [key(patterns.jobProfilesKey(account, { type: 'import', id: 'id' }, 100))],
  jobProfiles: [query(patterns.jobProfiles(account, { type: 'import', id: 'id' }, 0, 1999))],
  jobErrors: [query(patterns.jobErrors(account, { type: 'import', id: 'id' }, 12, 34))],
  jobRowKey: [key(patterns.jobRowKey(account, { type: 'catalog-item-bulk-create', id: 'id' }, 12))],
  jobRows: [query(patterns.jobRows(account, { type: 'catalog-item-bulk-create', id: 'id' }))],
  jobIndex: [fed(patterns.jobIndex(account, { type: 'catalog-item-bulk-create', id: 'id' }))],
  jobsInProgress: [query(patterns.jobsInProgress(account, 'catalog-item-bulk-create'))],
  catalogKey: [key(patterns.catalogKey(account, 'catalog-item', 'id'))],
  catalogIndex: [fed(patterns.catalogIndex(account, 'catalog-item', place))],
  variantIndex: variantIndex(),
  entriesByCreation: [query(patterns.entriesByCreation(account, 'catalog-item', 0))],
  variantsWithSku: [query(patterns.variantsWithSku(account, 'sku'))],
  variantsOfItem: [query(patterns.variantsOfItem(account, 'uid of item'))],
  categoryLink: [key(link), fed(link)],
  categoryLinkKey: [key(patterns.categoryLinkKey(account, 'item', 'category'))],
  categoryLinksOf: [query(patterns.categoryLinksOf(account, 'item'))],
  itemsOfCategory: [query(patterns.itemsOfCategory(account, 'uid of category', 0))],
  feedStateKey: [key(patterns.feedStateKey(account, 'feed'))],
  feedEntryKey: [key(patterns.feedEntryKey(account, 'feed', 'id'))],
  feedEntries: [query(patterns.feedEntries(account, 'feed', 0))],
  couponCodeKey: [key(patterns.couponCodeKey(account, 'id'))],
  couponCodeIndex: [fed(patterns.couponCodeIndex(account, 'uid of coupon', 'id', 'created'))],
  holderIndex: lately(patterns.holderIndex(account, profile, 'id', 'given')),
  codesOfCoupon: [query(patterns.codesOfCoupon(account, 'uid of coupon', 0))],
  codesOfProfile: [query(patterns.codesOfProfile(account, profile))],
  couponPoolKey: [key(patterns.couponPoolKey(account, 'uid of coupon', 'id'))],
  couponPool: [query(patterns.couponPool(account, 'uid of coupon', 0, { from: 'from', to: 'to' }))],
  couponGrantKey: [key(patterns.couponGrantKey(account, profile, 'uid of coupon', 'message'))],
  couponStockKey: [key(patterns.couponStockKey(account, 'uid of coupon'))],
  accountKey: [key(patterns.accountKey(account))],
  keyOfAccount: [key(patterns.keyOfAccount(account, 'digest'))],
  keysOfAccount: [query(patterns.keysOfAccount(account))],
  keyByDigest: [key(patterns.keyByDigest('digest'))],
  accountByPublicId: [key(patterns.accountByPublicId('company id'))],
  accountEntry: [key(patterns.accountEntry(account))],
  allAccounts: [query(patterns.allAccounts())],
};

function profileIndex(): Shape[] {
  const { upk, usk, epk, esk, ...created } = patterns.profileIndex(account, profile, 'created', {
    updated: 'updated',
    email: 'email',
  });
  return [
    fed(created),
    { index: 'recent', partition: upk, sort: usk },
    { index: 'addresses', partition: epk, sort: esk },
  ];
}

function variantIndex(): Shape[] {
  const { upk, usk, epk, esk } = patterns.variantIndex(account, { ...place, sku: 'sku', item_uid: 'uid of item' });
  return [
    { index: 'recent', partition: upk, sort: usk },
    { index: 'addresses', partition: epk, sort: esk },
  ];
}

function lately({ upk, usk }: { upk: string; usk: string }): Shape[] {
  return [{ index: 'recent', partition: upk, sort: usk }];
}

function eventIndex(): Shape[] {
  const { lsk, ...global } = patterns.eventIndex(account, profile, 'metric', 'hash', 'time');
  const { pk } = patterns.profileKey(account, profile);
  return [{ index: 'byMetricTime', partition: pk, sort: lsk }, fed(global)];
}

/** The source files of the product, with their texts; `patterns.ts` itself left out. */
function sources(): { area: string; text: string }[] {
  return ['shared', 'functions'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          file.endsWith('.ts') &&
          !/storage\/(patterns|orders|catalog-keys|coupon-keys|stock-keys|ingestion|tallies)\.ts$/.test(file),
      )
      .map((file) => ({ area: areaOf(join(root, file)), text: readFileSync(join(root, file), 'utf8') })),
  );
}

/** `shared/domain/events/record.ts` is of the area events, `functions/wake/main.ts` of functions/wake. */
function areaOf(file: string): string {
  const [root = '', first = '', second = ''] = file.split('/');
  if (root === 'functions') return `functions/${first}`;
  return first === 'domain' && !second.endsWith('.ts') ? second : 'shared';
}

const code = (text: string) => `\`${text}\``;

/** Shards are shown by their name. */
const partitionOf = ({ partition }: Shape) => partition.replace(/#\d+$/, '#shard');

function keyTable(): string {
  const files = sources();
  const rows = Object.entries(shapes).flatMap(([name, ways]) => {
    const users = new Set(files.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).map(({ area }) => area));
    const used = [...users].sort().join(', ');
    return ways.map((way) => [code(name), way.index ?? 'table', code(partitionOf(way)), code(way.sort), used]);
  });
  return table(['name', 'in', 'partition', 'sort key, or range of it', 'used by'], rows);
}

export function capacityTable(rows: readonly Measured[]): string {
  return table(
    ['path', 'function', 'calls', 'read', 'write'],
    rows.map(({ path, function: name, calls, read, write }) => [path, name, calls, read, write]),
  );
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The page as it should be: `text` with everything between its markers made anew. */
export async function renewed(text: string): Promise<string> {
  const made: Readonly<Record<string, string>> = { keys: keyTable(), capacity: capacityTable(await measurePaths()) };
  return text.replaceAll(
    /(<!-- made: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${made[name] ?? ''}\n\n${end}`,
  );
}

export const readPage = () => readFileSync(page, 'utf8');

if (process.argv.includes('--write')) writeFileSync(page, await renewed(readPage()));
