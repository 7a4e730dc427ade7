// The only description of the table. cdk builds it from this, the AWS adapter and the local store read it too.

/** What an index keeps beside its own and the table's keys. */
export interface IndexSpec {
  partition: string;
  sort: string;
  /** Local indexes share the table's partition key and can be read consistently; global ones lag behind. */
  kind: 'local' | 'global';
  projects: 'keys' | readonly string[];
}

export const table = {
  partition: 'pk',
  sort: 'sk',
  ttl: 'expires',
  indexes: {
    /** Events of one profile in the order metric, time. `value` travels along so that sums read no bodies. */
    byMetricTime: { partition: 'pk', sort: 'lsk', kind: 'local', projects: ['value'] },
    /**
     * Everything that is read in an order of its own across profiles: event feeds, members of groups, profiles. `value` and
     * `dims`, of events, travel along so that aggregates read no bodies.
     */
    feed: { partition: 'gpk', sort: 'gsk', kind: 'global', projects: ['value', 'dims'] },
    /** Profiles, which stand in `feed` by creation, in the order in which they changed last. */
    recent: { partition: 'upk', sort: 'usk', kind: 'global', projects: 'keys' },
    /** Profiles in the order of their email addresses. */
    addresses: { partition: 'epk', sort: 'esk', kind: 'global', projects: 'keys' },
  },
} as const satisfies {
  partition: string;
  sort: string;
  ttl: string;
  indexes: Record<string, IndexSpec>;
};

/** Seconds after which a global index has learned of a write, as far as we rely on it. */
export const indexLagSeconds = 2;

export type IndexName = keyof typeof table.indexes;
