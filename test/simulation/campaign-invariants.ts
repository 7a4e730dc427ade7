// I10: of a campaign at rest every row has one outcome, which its message bears out; nobody has two messages; nothing is
// claimed after a cancellation. I13: what is counted is what the rows say.
import { minute } from '../../shared/kernel/time.ts';
import type { CampaignCountsItem, CancelledItem, MessageItem, RecipientItem } from '../../shared/storage/items.ts';
import { type AnyItem, partsOf } from '../../shared/storage/patterns.ts';

type Row = RecipientItem & { campaign: string };

/** What a message's row says of it: a skipped message of a cancelled campaign was cancelled. */
const outcomes: Readonly<Record<string, readonly RecipientItem['status'][]>> = {
  SENT: ['sent'],
  FAILED: ['failed'],
  UNKNOWN: ['unknown'],
  SKIPPED: ['skipped', 'cancelled'],
};

/** What is broken of the campaigns among the items of a world at rest; `mixed`: a release before that knows no variations worked too. */
export function brokenCampaigns(items: readonly AnyItem[], mixed = false): string[] {
  const all = items.filter((item) => item.kind === 'recipient');
  const rows = all.map((row): Row => ({ ...row, campaign: partsOf(row.pk)[2] ?? '' }));
  const messages = items.filter((item) => item.kind === 'message' && item.campaign !== undefined) as MessageItem[];
  return items.flatMap((item) => {
    if (item.kind !== 'campaign') return [];
    const { status, sending } = JSON.parse(item.data) as { status: string; sending?: Sending };
    const own = rows.filter(({ campaign }) => campaign === item.id);
    const sent = messages.filter(({ campaign }) => campaign === item.id);
    if (status === 'Draft') return sent.length > 0 ? [`I10 campaign ${item.id} is a draft with messages`] : [];
    const isOver = status === 'Sent' || status.startsWith('Cancelled');
    const snapshot = (sending?.rows ?? []).reduce((sum, count) => sum + count, 0);
    return [
      ...(isOver ? [] : [`I10 campaign ${item.id} stays ${status}`]),
      ...(status === 'Sent' && snapshot !== own.length ? [`I10 ${item.id}: ${own.length} rows of ${snapshot}`] : []),
      ...own.flatMap((row) =>
        row.status === 'waiting' || row.status === 'queued' || row.profile !== undefined
          ? [`I10 row ${row.id} stays ${row.status}`]
          : [],
      ),
      ...sent.flatMap((message) => differing(message, own)),
      ...own.flatMap(({ id, variation }) =>
        !mixed && sending?.variations && sending.variations[variation ?? ''] === undefined
          ? [`I10 row ${id} has no variation`]
          : [],
      ),
      ...doubled(sent),
      ...(status === 'Sent' && sending?.counted === true
        ? miscounted(item.id, mixed ? { run: sending.run } : sending, own, items)
        : []),
      ...claimedLate(
        sent,
        items.filter((one) => one.kind === 'cancelled' && partsOf(one.pk)[2] === item.id) as CancelledItem[],
      ),
    ];
  });
}

interface Sending {
  run: string;
  rows?: number[];
  variations?: Record<string, number>;
  counted?: boolean;
}

const statuses = ['queued', 'sent', 'skipped', 'failed', 'unknown', 'cancelled'] as const;
type Counted = (typeof statuses)[number];

function miscounted(
  campaign: string,
  { run, variations = {} }: Sending,
  rows: readonly Row[],
  items: readonly AnyItem[],
): string[] {
  const counts = items.filter((item) => item.kind === 'campaign-counts' && partsOf(item.pk)[4] === run);
  const of = (status: Counted, variation?: string) =>
    (counts as CampaignCountsItem[]).reduce(
      (sum, item) => sum + (item[variation === undefined ? status : (`${variation} ${status}` as const)] ?? 0),
      0,
    );
  const own = rows.filter((row) => partsOf(row.pk)[3] === run);
  const compared = (status: Counted, variation?: string) => {
    const counted = of(status, variation);
    const there = own.filter(
      (row) => row.status === status && (variation === undefined || row.variation === variation),
    ).length;
    return counted === there ? [] : [`I13 campaign ${campaign} counts ${counted} ${status}, ${there} rows are`];
  };
  return statuses.flatMap((status) =>
    [undefined, ...Object.keys(variations)].flatMap((variation) => compared(status, variation)),
  );
}

function differing({ id, status, recipient }: MessageItem, rows: readonly Row[]): string[] {
  const row = rows.find((one) => one.id === recipient);
  if (row && (outcomes[status] ?? []).includes(row.status)) return [];
  return [`I10 message ${id} is ${status}, its row ${row?.status ?? 'is gone'}`];
}

/** Messages that moved here were handed over before two became one. */
function doubled(messages: readonly MessageItem[]): string[] {
  const reached = messages.filter(({ status, origin }) => status !== 'SKIPPED' && origin === undefined);
  const people = reached.map(({ profile }) => profile);
  return people.length === new Set(people).size ? [] : ['I10 somebody was written to twice by one campaign'];
}

/** The claim carries the time at which it began, and fails behind a cancellation. */
function claimedLate(messages: readonly MessageItem[], [cancelled]: readonly CancelledItem[]): string[] {
  const late = cancelled && Date.parse(cancelled.at) + minute;
  return messages.flatMap(({ id, claimed }) =>
    late !== undefined && claimed !== undefined && Date.parse(claimed) > late
      ? [`I10 message ${id} was claimed at ${claimed}, after the cancellation at ${String(cancelled?.at)}`]
      : [],
  );
}
