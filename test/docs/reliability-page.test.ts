import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { currentPage } from '../simulation/reliability-page.ts';

it('docs/reliability.md shows the recorded figures (npm run reliability writes it)', () => {
  expect(readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8')).toBe(currentPage());
});
