// What must hold at every step: watched while changes are made.
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';

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

export interface IdentityWatch {
  see: (change: StreamedChange) => void;
  /** What was broken since it was asked last. All changes of a transaction have been seen by then. */
  broken: () => string[];
}

/** I3: at no step do two living profiles hold one identifier. */
export function watchIdentity(): IdentityWatch {
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
