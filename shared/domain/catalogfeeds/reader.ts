// What reads a document piece by piece.

/** The document as a whole cannot be taken; the message says why, to whoever owns the feed. */
export class FeedRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'FeedRefused';
  }
}

export interface Reading {
  /** Is handed every item. */
  take: (item: unknown) => void;
}

/** Both throw what is wrong with the document. */
export interface Reader {
  write(text: string): void;
  end(): void;
}
