import { describe, expect, it } from 'vitest';
import type { Files } from '../../shared/ports.ts';

/** What every files adapter must do. `make` gives an empty one. */
export function describeFiles(name: string, make: () => Promise<Files>): void {
  describe(`the files port on ${name}`, () => {
    it('gives back what was put, character for character', async () => {
      const files = await make();
      const text = `{"a":"é 😀 \\u0000 ${'x'.repeat(300_000)}"}`;
      await files.put('a1/events/01', text);
      expect(await files.get('a1/events/01')).toBe(text);
    });

    it('knows nothing of a key that was never put', async () => {
      const files = await make();
      expect(await files.get('a1/nothing')).toBeUndefined();
    });

    it('keeps the latest of two bodies', async () => {
      const files = await make();
      await files.put('a1/x', 'one');
      await files.put('a1/x', 'two');
      expect(await files.get('a1/x')).toBe('two');
    });

    it('forgets what is removed, also twice', async () => {
      const files = await make();
      await files.put('a1/x', 'one');
      await files.put('a1/y', '');
      await files.remove('a1/x');
      await files.remove('a1/x');
      expect(await files.get('a1/x')).toBeUndefined();
      expect(await files.get('a1/y')).toBe('');
    });
  });
}
