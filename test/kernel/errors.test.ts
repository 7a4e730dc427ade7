import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiError, errorCatalogue, notFound, refuse } from '../../shared/kernel/errors.ts';

/** The rows of the table in docs/errors.md. */
function documented() {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, code = '', status = '', title = '', when = '', remedy = '']) => ({
      code: code.replaceAll('`', ''),
      status: Number(status),
      title,
      when,
      remedy,
    }));
}

describe('docs/errors.md', () => {
  it('lists every code with its status and title, in the order of the catalogue, and no other', () => {
    const catalogued = Object.entries(errorCatalogue).map(([code, { status, title }]) => ({ code, status, title }));
    expect(documented().map(({ code, status, title }) => ({ code, status, title }))).toEqual(catalogued);
  });

  it('says of each when it comes and what to do', () => {
    for (const { when, remedy } of documented()) {
      expect(when).toMatch(/\.$/);
      expect(remedy).toMatch(/\.$/);
    }
  });
});

describe('refusals', () => {
  it('blame a pointer when the place begins with a slash, a parameter otherwise', () => {
    expect(refuse('invalid', 'd', '/data/id').faults[0].source).toEqual({ pointer: '/data/id' });
    expect(refuse('invalid', 'd', 'sort').faults[0].source).toEqual({ parameter: 'sort' });
    expect(refuse('invalid', 'd').faults[0]).not.toHaveProperty('source');
  });

  it('take their status from the first fault', () => {
    expect(new ApiError({ code: 'conflict', detail: 'a' }, { code: 'invalid', detail: 'b' }).status).toBe(409);
    expect(notFound('list', 'x').status).toBe(404);
  });
});
