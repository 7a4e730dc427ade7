// What Python does with formats and slices, case by case, as Python printed it; errors of half a digit are errors.
import { describe, expect, it } from 'vitest';
import { formats, slices } from '../../golden/python-formats.ts';
import { rendered } from './render.ts';

const shown = (source: string, context: Readonly<Record<string, unknown>>) =>
  rendered(`{% autoescape off %}${source}{% endautoescape %}`, context);

describe('stringformat prints what % prints in Python', () => {
  it.each(formats)('%j|stringformat:"%s"', (value, wish, printed) => {
    expect(shown('{{ value|stringformat:wish }}', { value, wish })).toBe(printed);
  });
});

describe('slice takes what a slice takes in Python', () => {
  it.each(slices)('%j|slice:"%s"', (text, slice, cut) => {
    expect(shown('{{ text|slice:slice }}', { text, slice })).toBe(cut);
    const list = Array.from(text);
    expect(shown('{{ list|slice:slice|join:"" }}', { list, slice })).toBe(cut);
  });
});
