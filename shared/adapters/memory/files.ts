import type { Files } from '../../ports.ts';

export interface MemoryFiles extends Files {
  /** Every key with its body, for whoever keeps the world between runs. */
  readonly entries: Map<string, string>;
}

/** Files in a map. */
export function createFiles(): MemoryFiles {
  const entries = new Map<string, string>();
  return {
    entries,
    put: async (key, body) => void entries.set(key, body),
    get: async (key) => entries.get(key),
    remove: async (key) => void entries.delete(key),
  };
}
