// A row: what stands at a place of the table or of an index.
import { compareText } from '../../storage/range.ts';
import type { Attributes } from '../../storage/values.ts';

/** Where a row stands within its partition. */
export interface Place {
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
}

/** Where a row stands. */
export interface Spot extends Place {
  readonly partition: string;
}

/** The order of rows of a partition; equal sort keys of an index are told apart by the table's key. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.sort, b.sort) || compareText(a.pk, b.pk) || compareText(a.sk, b.sk);
}

/** Bytes that a row takes in the heap, without its attributes. */
export const overhead = 150;

/** Never changed, only replaced. */
export abstract class Row implements Spot {
  readonly partition: string;
  readonly sort: string;
  readonly pk: string;
  readonly sk: string;
  /** Bytes as DynamoDB counts them. */
  readonly size: number;

  constructor({ partition, sort, pk, sk }: Spot, size: number) {
    this.partition = partition;
    this.sort = sort;
    this.pk = pk;
    this.sk = sk;
    this.size = size;
  }

  /** The attributes as they are kept: not to be changed. */
  abstract get item(): Attributes;

  /** The attributes for whoever may change them. */
  abstract copy(): Attributes;

  /** Where it stands, as `positionNames` of the table or of its index says it. */
  abstract position(): Attributes;

  /** About how many bytes of the heap it takes as it is. */
  abstract get weight(): number;

  /** Its attributes as a text, or what that is found by when `lay` laid it away by itself. */
  abstract folded(lay: (text: string) => number): string | number;

  /** Hears that it is not there any more; whoever holds it may look at it still. */
  abstract leave(drop: (name: number) => void): void;
}
