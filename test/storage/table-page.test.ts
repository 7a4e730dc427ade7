import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as patterns from '../../shared/storage/patterns.ts';
import { unitsPerEvent } from '../support/measured-paths.ts';
import { readPage, reading, renewed, shapes } from '../support/table-page.ts';

/** The names in code of a column of one of the page's tables. */
function namesIn(heading: string, column: number): string[] {
  const section = readPage().split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[column] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

describe('docs/table.md', () => {
  it('shows the keys, their users and the capacity as they are (else: node test/support/table-page.ts --write)', async () => {
    const page = readPage();
    expect(await renewed(page)).toBe(page);
  });

  it('names every key and query of patterns.ts, and no other', () => {
    const exported = Object.keys(patterns).filter((name) => !(reading as readonly string[]).includes(name));
    expect(Object.keys(shapes).sort()).toEqual(exported.sort());
    expect([...new Set(namesIn('Keys and queries', 0))].sort()).toEqual(exported);
  });

  it('tells who uses each of them', () => {
    const unused = readPage()
      .split('\n')
      .filter((line) => /\| +\|$/.test(line));
    expect(unused).toEqual([]);
  });

  it('names every kind of item, and no other, under keys that exist', () => {
    const areas = ['', 'account-', 'catalog-', 'coupon-', 'feed-', 'ingestion-', 'job-', 'people-', 'stock-', 'tally-'];
    const files = areas.map((area) => readFileSync(`shared/storage/${area}items.ts`, 'utf8'));
    const source = files.join('\n');
    const declared = [...source.matchAll(/^(?:\s+kind:|export type DefinitionKind =)((?:[\s|]*'[\w-]+')+);$/gm)];
    const kinds = declared.flatMap(([, texts = '']) => [...texts.matchAll(/[\w-]+/g)].map(([kind]) => kind));
    expect(namesIn('Items', 0).sort()).toEqual(kinds.sort());
    for (const name of namesIn('Items', 1)) expect(Object.keys(patterns)).toContain(name);
  });
});

describe('the budgets of an event', () => {
  it.each([
    { history: 10, others: 1 },
    { history: 300, others: 1 },
    { history: 10, others: 100 },
  ])('hold with $history events before it and $others segments about something else', async (grown) => {
    const { accept, handle } = await unitsPerEvent(grown);
    expect(accept.write).toBeLessThanOrEqual(4);
    expect(accept.read).toBeLessThanOrEqual(1.5);
    expect(handle.write).toBeLessThanOrEqual(1);
    expect(handle.read).toBeLessThanOrEqual(2.5);
  });
});
