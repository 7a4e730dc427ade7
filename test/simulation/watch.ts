// What must hold at every step: watched while changes are made.
import { consequencesOf } from '../../functions/changes/consequences.ts';
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import { followed, followedBy } from '../../shared/storage/followed.ts';
import { type AnyItem, known } from '../../shared/storage/patterns.ts';

const kinds = ['email', 'phone_number', 'external_id', 'anonymous_id'] as const;

/** The identifiers that an image of an item holds, if it is a living profile's. */
function heldBy(item: object | undefined): string[] {
  if (item === undefined || !('kind' in item) || item.kind !== 'profile') return [];
  const image: Partial<Record<string, unknown>> = { ...item };
  const others: unknown[] = Array.isArray(image['other_emails']) ? image['other_emails'] : [];
  return [
    ...kinds.flatMap((kind) => {
      const value = image[kind];
      return typeof value === 'string' ? [`${kind} ${value}`] : [];
    }),
    ...others.map((email) => `email ${String(email)}`),
  ];
}

export interface Watch {
  see: (change: StreamedChange) => void;
  /** What was broken since it was asked last. All changes of a transaction have been seen by then. */
  broken: () => string[];
}

/** I3: at no step do two living profiles hold one identifier. */
export function watchIdentity(): Watch {
  const holders = new Map<string, Set<string>>();
  const changed = new Set<string>();
  return {
    see({ before, after }) {
      const pk = after?.pk ?? before?.pk ?? '';
      const [account = ''] = pk.split('#');
      for (const one of heldBy(before)) holders.get(`${account} ${one}`)?.delete(pk);
      for (const one of heldBy(after).map((held) => `${account} ${held}`)) {
        const held = holders.get(one) ?? new Set();
        holders.set(one, held.add(pk));
        changed.add(one);
      }
    },
    broken() {
      if (changed.size === 0) return [];
      const broken = [...changed].flatMap((one) => {
        const held = holders.get(one) ?? new Set();
        return held.size > 1 ? [`I3: ${one} is held by ${[...held].join(' and ')}`] : [];
      });
      changed.clear();
      return broken;
    },
  };
}

/** What keeps marketing email from a profile at this moment; undefined: nothing. */
function refusalIn(profile: AnyItem | undefined): string | undefined {
  if (profile?.kind !== 'profile') return 'nobody';
  if (profile.consents?.email?.state === 'UNSUBSCRIBED') return 'somebody who has unsubscribed';
  const [suppression] = profile.email_suppressions ?? [];
  return suppression && `somebody suppressed by ${suppression.reason}`;
}

/** I4: at the step at which a marketing email is claimed its person may be sent to. No email of the workload is transactional. */
export function watchClaims(): Watch & { claimedAt: (message: string) => number | undefined } {
  const profiles = new Map<string, AnyItem>();
  const claims = new Map<string, number>();
  const broken: string[] = [];
  return {
    /** When the claim of a message was written last: from then on it is under way. */
    claimedAt: (message) => claims.get(message),
    see({ before, after, at }) {
      const item = after && known(after);
      if (item?.kind === 'profile') profiles.set(item.pk, item);
      if (before && known(before).kind === 'profile' && !item) profiles.delete(before.pk);
      if (item?.kind !== 'message' || item.channel !== 'email' || item.status !== 'CLAIMED') return;
      const was = before && known(before);
      // One that was claimed before, or that a merge moves here with its claim, is not claimed now.
      if (was?.kind !== 'message' || was.status === 'CLAIMED') return;
      claims.set(item.id, at);
      const refusal = refusalIn(profiles.get(item.pk));
      if (refusal !== undefined) broken.push(`I4 message ${item.id} was claimed for ${refusal}`);
    },
    broken: () => broken.splice(0),
  };
}

/** Nothing would follow from a change that the filters of the stream keep from the change feed. */
export function watchFilters(): Watch {
  const isFollowed = followedBy(followed);
  const broken: string[] = [];
  return {
    see(change) {
      if (isFollowed(change)) return;
      const { work = [], events = [] } = consequencesOf(change, change.at);
      const missed = [...work.map(({ queue }) => queue), ...events.map(({ type }) => type)];
      const { pk, sk } = change.after ?? change.before ?? {};
      if (missed.length > 0)
        broken.push(`filters of the stream: ${pk} ${sk} leads to ${missed.join(', ')}, and is not followed`);
    },
    broken: () => broken.splice(0),
  };
}
