/** A collection that hands out its smallest member first. */
export interface Heap<T> {
  readonly size: number;
  push(value: T): void;
  /** The smallest member, left where it is. */
  peek(): T | undefined;
  pop(): T | undefined;
}

/** A binary heap; `before` says whether its first argument comes out ahead of the second. */
export function createHeap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const values: T[] = [];
  const ahead = (a: number, b: number) => before(values[a] as T, values[b] as T);
  const swap = (a: number, b: number) => ([values[a], values[b]] = [values[b] as T, values[a] as T]);

  function rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!ahead(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < values.length && ahead(child, first)) first = child;
      if (first === at) return;
      swap(at, first);
      at = first;
    }
  }

  return {
    get size() {
      return values.length;
    },
    push(value) {
      values.push(value);
      rise(values.length - 1);
    },
    peek: () => values[0],
    pop() {
      const top = values[0];
      const last = values.pop();
      if (values.length > 0 && last !== undefined) {
        values[0] = last;
        sink();
      }
      return top;
    },
  };
}
