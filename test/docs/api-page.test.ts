import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiPage } from '../../functions/local/api-page.ts';
import { extensionOperations, privateOperations, publicOperations } from '../../shared/api.ts';

it('docs/api.md lists the operations that are declared (npm run openapi writes it)', () => {
  const written = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(written).toBe(apiPage([...privateOperations, ...publicOperations], extensionOperations));
});
