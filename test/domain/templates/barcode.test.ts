import { describe, expect, it } from 'vitest';
import { rendered } from './render.ts';

/** The modules of a code, read off its cells as a scanner would. */
function scanned(html: string, module: number): string {
  const cells = [...html.matchAll(/<td width="(\d+)" height="\d+" style="background:#(\w+)/g)];
  return cells.map(([, width, shade]) => (shade === '000' ? '1' : '0').repeat(Number(width) / module)).join('');
}

describe('a barcode', () => {
  it('is its value in Code 128, as wide and high as it was asked for', () => {
    const html = rendered('{% barcode code width=120 height=40 mode=html %}', { code: 'A-' });
    // Start B, "A", "-", the check sum (104 + 33 + 2 x 13 = 163, 60 modulo 103), stop: the patterns of ISO/IEC 15417.
    const [start, a, hyphen, check, stop] = [
      '11010010000',
      '10100011000',
      '10011011100',
      '11101111010',
      '1100011101011',
    ];
    expect(scanned(html, Math.floor(120 / 57))).toBe([start, a, hyphen, check, stop].join(''));
    expect(html).toContain('height="40"');
    expect(html).toMatch(/^<table role="img" .*aria-label="A-">.*<\/table>$/);
  });

  it.each([
    ['nothing', ''],
    ['letters that Code 128 lacks', '漢'],
    ['more than scanners read', 'x'.repeat(81)],
  ])('of %s is the value itself, escaped', (_, code) => {
    expect(rendered('{% barcode code %}', { code })).toBe(code);
    expect(rendered('{% barcode code %}', { code: `${code}é<` })).toBe(`${code}é&lt;`);
  });

  it('keeps what it says inside of its label, and its size within a screen', () => {
    expect(rendered('{% barcode code %}', { code: '"><b>' })).toContain('aria-label="&quot;&gt;&lt;b&gt;"');
    expect(rendered('{% barcode code width=1e9 height=99999999 %}', { code: 'A' })).not.toMatch(/="\d{5,}"/);
  });
});
