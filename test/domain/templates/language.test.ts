import { describe, expect, it } from 'vitest';
import { filters } from '../../../shared/domain/templates/language/filters/index.ts';
import { tagParsers } from '../../../shared/domain/templates/language/tags/index.ts';
import { TemplateError } from '../../../shared/domain/templates/language/failure.ts';
import { type Case, cases, context } from '../../golden/template-language.ts';
import { rendered } from './render.ts';

describe.each(Object.entries(cases))('the template language: %s', (_, rows) => {
  it.each<Case>(rows)('%s', (source, expected) => {
    expect(rendered(source, context)).toBe(expected);
  });
});

describe('the golden file', () => {
  const all = Object.values(cases).flatMap((rows) => rows.map(([source]) => source));
  it.each([...filters.keys()])('has a case of the filter %s', (name) => {
    expect(all.some((source) => new RegExp(`\\|\\s?${name}\\b`).test(source))).toBe(true);
  });
  it.each([...tagParsers.keys()].filter((name) => name !== 'asset_url'))('has a case of the tag %s', (name) => {
    expect(all.some((source) => new RegExp(`{%\\s*${name}\\b`).test(source))).toBe(true);
  });
});

describe('a template that cannot be read', () => {
  it.each([
    ["{{ x|default: 'y' }}", 1, 14, 'No space'],
    ['{{ x|nonsense }}', 1, 6, 'no filter "nonsense"'],
    ['a\nb {% elsif x %}', 2, 3, 'no tag "elsif"'],
    ['{% if x %}', 1, 1, 'never closed by "endif"'],
    ['{% for x of y %}{% endfor %}', 1, 10, 'Could not read'],
    ['{% if a = b %}{% endif %}', 1, 9, 'Could not read'],
    ['{{ x|default:“y” }}', 1, 14, 'straight quotes'],
    ['{{ }}', 1, 4, 'missing'],
    ['{{ "x }}', 1, 4, 'no closing quote'],
    ['{{ x|date:"Y" y }}', 1, 15, 'Could not read'],
    ['{{ x|lower:"a" }}', 1, 6, 'takes no argument'],
    ['{{ x|join }}', 1, 6, 'needs an argument'],
    ['{% today "%Y" %}', 1, 1, 'as name'],
    ['{% include "x" %}', 1, 1, 'no tag "include"'],
    ['{% endif %}', 1, 1, 'no tag "endif"'],
    ['{% %}', 1, 1, 'no tag ""'],
    ['{% autoescape maybe %}{% endautoescape %}', 1, 1, 'on or off'],
    ['{% comment %} x', 1, 1, 'never closed'],
    ["{% catalog 'a' %}", 1, 1, 'never closed by "endcatalog"'],
    ["{% catalog 'a' colour='b' %}{% endcatalog %}", 1, 16, 'Only integration, catalog_id'],
    ['{% catalog %}{% endcatalog %}', 1, 12, 'missing'],
    ["{% has_category x 'y' %}", 1, 1, 'needs "as"'],
    ['{% customobject 1 %}', 1, 1, 'needs "as"'],
    ["{% asset_url 'style.css' %}", 1, 1, 'hosted pages'],
    ['{{ x|concat:[1, }}', 1, 17, 'missing'],
    ['{{ x|concat:[1 }}', 1, 16, 'missing'],
  ])('is refused with its place: %s', (source, line, column, message) => {
    let caught: unknown;
    try {
      rendered(source);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TemplateError);
    expect(caught).toMatchObject({ line, column, message: expect.stringContaining(message) as unknown });
  });
});
