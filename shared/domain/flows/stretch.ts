// Where a stretch of a job stands that walks some partitions, one after the other.

/** The place of a partition, and where in it the stretch before ended. */
export interface Place {
  partition: number;
  after?: string;
}

/** The place that a job's cursor names; the beginning without one. */
export function placeAt(cursor: string | undefined): Place {
  const [, partition = '0', after = ''] = /^(\d+) ([^]*)$/.exec(cursor ?? '') ?? [];
  return { partition: Number(partition), ...(after !== '' && { after }) };
}

/** The cursor of the stretch after a page of this place that ended with `next`; none when it was the last of `all` partitions. */
export function cursorAfter({ partition }: Place, next: string | undefined, all: number): { cursor?: string } {
  if (next !== undefined) return { cursor: `${partition} ${next}` };
  return partition + 1 < all ? { cursor: `${partition + 1} ` } : {};
}
