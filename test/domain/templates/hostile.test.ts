import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderText } from '../../../shared/domain/templates/language/compile.ts';
import { TemplateError } from '../../../shared/domain/templates/language/failure.ts';
import { filters } from '../../../shared/domain/templates/language/filters/index.ts';
import { tagParsers } from '../../../shared/domain/templates/language/tags/index.ts';
import { options, rendered } from './render.ts';

/** What came of a rendering: its text or its refusal; anything else thrown fails the test. */
function outcome(source: string, context: Record<string, unknown> = {}): string {
  try {
    return rendered(source, context);
  } catch (error) {
    if (error instanceof TemplateError) return `refused: ${error.message}`;
    throw error;
  }
}

const refused = (source: string, context: Record<string, unknown> = {}) =>
  expect(outcome(source, context)).toMatch(/^refused: /);

describe('nothing but own data can be reached', () => {
  const context = { x: { a: 1 }, list: [1], text: 'abc', run: () => 'ran', n: 1 };
  it.each([
    '{{ x.constructor }}',
    '{{ x.__proto__ }}',
    '{{ x.__proto__.polluted }}',
    "{{ x|lookup:'__proto__' }}",
    "{{ x|lookup:'constructor'|lookup:'constructor' }}",
    '{{ text.constructor }}{{ text.length }}{{ text.at }}',
    '{{ list.constructor }}{{ list.map }}{{ list.length }}',
    '{{ constructor }}{{ __proto__ }}{{ this }}{{ toString }}{{ hasOwnProperty }}{{ globalThis }}{{ process }}',
    '{{ run }}{{ run.name }}{{ run.call }}',
    '{{ n.toFixed }}',
    "{{ list|map:'constructor'|join:'' }}",
    '{{ x.items.constructor }}{{ forloop.constructor }}',
  ])('%s prints nothing', (source) => {
    const text = rendered(source, context).replaceAll('None', '');
    expect(text).toBe('');
  });

  it('refuses members of literals', () => {
    refused("{{ ''.constructor.constructor('return process')() }}");
    refused('{{ x.run() }}');
  });

  it('reads own data under odd names, and does not run getters', () => {
    const odd = JSON.parse('{"__proto__":"p","constructor":"c","":"e"}') as Record<string, unknown>;
    expect(rendered("{{ odd|lookup:'__proto__' }}{{ odd.constructor }}{{ odd|lookup:'' }}", { odd })).toBe('pce');
    const trap = Object.defineProperty({}, 'x', { get: () => 'ran', enumerable: true });
    expect(rendered('{{ trap.x }}{% for k, v in trap.items %}{{ v }}{% endfor %}', { trap })).toBe('');
    expect(rendered('{% with __proto__="x" %}{{ a }}{% endwith %}', { a: 1 })).toBe('1');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('work is bounded', () => {
  const long = { list: Array.from({ length: 2000 }, (_, i) => i) };
  it('stops nested loops, empty ones too', () => {
    refused('{% for a in list %}{% for b in list %}{% for c in list %}{% endfor %}{% endfor %}{% endfor %}', long);
    refused('{% for a in list %}{% for b in list %}x{% endfor %}{% endfor %}', long);
  });

  it('stops at one megabyte of output', () => {
    const block = 'x'.repeat(10_000);
    refused(`{% for a in list %}${block}{% endfor %}`, long);
    expect(rendered('{{ x }}', { x: 'y'.repeat(1_000_000) })).toHaveLength(1_000_000);
    refused('{{ x }}', { x: '<'.repeat(900_000) });
  });

  it('stops texts that double', () => {
    const doubled = Array.from({ length: 18 }, (_, i) => `{% with a${i + 1}=a${i}|append:a${i} %}`).join('');
    refused(doubled + '{% endwith %}'.repeat(18), { a0: 'x'.repeat(100) });
    refused(`{{ x|find_replace:y }}`, { x: 'a'.repeat(100_000), y: `a|${'b'.repeat(100_000)}` });
    refused(`{{ list|join:x }}`, { ...long, x: 'y'.repeat(100_000) });
  });

  it('refuses blocks nested deeper than twenty', () => {
    expect(rendered('{% if 1 %}'.repeat(20) + 'x' + '{% endif %}'.repeat(20))).toBe('x');
    refused('{% if 1 %}'.repeat(21) + '{% endif %}'.repeat(21));
    refused('{% if 1 %}'.repeat(100_000));
  });

  it('stops looking at large bags again and again, but not at lists of ordinary size', () => {
    const bag = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]));
    const looped = (what: string) => `{% for a in list %}{% if ${what} %}x{% endif %}{% endfor %}`;
    for (const what of ['bag', 'bag.items', 'bag.keys.0', 'bag|length', 'bag|default:1']) {
      refused(looped(what), { ...long, bag });
    }
    const items = Array.from({ length: 500 }, (_, i) => ({ id: i }));
    expect(rendered('{% for a in items %}{% if items|length > 3 %}x{% endif %}{% endfor %}', { items })).toHaveLength(
      500,
    );
  });

  it('stops regular expressions that never end, and those that are none', () => {
    refused(`{{ x|resplit:"(a+)+$" }}`, { x: `${'a'.repeat(60)}!` });
    refused(`{{ x|resplit:"((x*)*)*y" }}`, { x: 'x'.repeat(100_000) });
    expect(outcome(`{{ x|resplit:p|count }}`, { x: 'a', p: '(?:'.repeat(20_000) })).toBe('1');
    refused('{% for a in list %}{{ a|resplit:"1" }}{% endfor %}', long);
    expect(outcome(`{{ x|resplit:"globalThis.process"|count }}`, { x: 'a' })).toBe('1');
  });

  it('stops when more is looked up than a message may', () => {
    refused('{% for a in list %}{% catalog a %}{% endcatalog %}{% endfor %}', long);
    refused('{% for a in list %}{{ feeds|lookup:a }}{% endfor %}', long);
    expect(outcome("{% for a in list %}{% coupon_code 'One' %}{% endfor %}", long)).toContain('SAMPLE-CODE');
  });

  it('stops when its time is over', () => {
    let now = 0;
    const slow = { ...options, clock: () => (now += 600) };
    expect(() => renderText('{% for a in list %}x{% endfor %}', long, slow)).toThrow('too long');
  });

  it.each([
    ['conditions without end', `{% if ${'1 and '.repeat(50_000)}1 %}x{% endif %}`],
    ['a crowd of nots', `{% if ${'not '.repeat(100_000)}1 %}x{% endif %}`],
    ['a chain of filters', `{{ x${'|lower'.repeat(150_000)} }}`],
    ['a long path', `{{ x${'.a'.repeat(200_000)} }}`],
    ['openers without closers', '{{'.repeat(300_000)],
    ['tags without closers', '{%'.repeat(300_000) + '\n%}'],
    ['open comments', '{#'.repeat(300_000)],
    ['many variables', '{{ x }}'.repeat(150_000)],
    ['wide formats', `{{ 1|stringformat:"99999999d" }}{{ 1|floatformat:99999999 }}{% now "${'r'.repeat(50_000)}" %}`],
    ['slashes', `{{ x|trim_slash }}`],
  ])('gets through %s', (_, source) => {
    expect(typeof outcome(source, { x: '/'.repeat(500_000) + 'a' })).toBe('string');
  });

  it('prints and compares values that are nested without end', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 50_000; i += 1) deep = [deep];
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(rendered('{{ deep|length }}{% if deep == other %}{% endif %}', { deep, other: structuredClone([[]]) })).toBe(
      '1',
    );
    expect(rendered('{{ deep }}', { deep })).toContain('...');
    expect(rendered('{{ loop }}', { loop })).toContain('...');
  });
});

describe('any text is either rendered or refused', () => {
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '|',
      ':',
      '"',
      "'",
      '.',
      ',',
      '=',
      '==',
      ' ',
      '\n',
      '\\',
      '<b>',
      '-',
      '1',
      '0.5',
    ],
    ...[
      'x',
      'list',
      'bag',
      'text',
      'forloop',
      'and',
      'or',
      'not',
      'in',
      'as',
      'True',
      '__proto__',
      'é',
      '\u{1F600}',
      '\uD800',
    ],
    ...[...tagParsers.keys(), ...filters.keys(), 'endif', 'endfor', 'endwith', 'else', 'elif', 'empty'],
  );
  const context = {
    x: -0.1,
    list: [1, 'a', null, { k: [2] }],
    bag: { a: '<', 'b c': null },
    text: 'aé\u{1F600}\uD800%zz',
  };

  it('made of the pieces of the language', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        outcome(parts.join(''), context);
      }),
      { numRuns: 3000 },
    );
  });

  it('with every filter on every kind of value', () => {
    const value = fc.oneof(
      fc.constantFrom('x', 'list', 'bag', 'text', 'nobody', 'big', 'when', '"a|b"', '-1', '2.5'),
      fc.string({ maxLength: 8 }).map((text) => `"${text.replaceAll(/["\\\n%}]/g, '')}"`),
    );
    const filter = fc.constantFrom(...filters.keys());
    const extreme = { ...context, big: [1e308, -1e308, 2 ** 53, 5e-324], when: '9999-12-31T23:59:59Z' };
    fc.assert(
      fc.property(value, fc.array(fc.tuple(filter, fc.option(value)), { maxLength: 4 }), (of, applied) => {
        const chain = applied.map(([name, argument]) => (argument === null ? `|${name}` : `|${name}:${argument}`));
        outcome(`{{ ${of}${chain.join('')} }}`, extreme);
        outcome(`{% for a in ${of}${chain.join('')} %}{{ a }}{% endfor %}`, extreme);
      }),
      { numRuns: 5000 },
    );
  });

  it('also beyond the largest number', () => {
    expect(rendered('{{ x|percentize }}{{ x|multiply:10 }}{{ x|plus:x }}', { x: 1.7e308 })).toBe('%');
  });

  it('and data never becomes markup', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(rendered('{{ text }}', { text })).not.toMatch(/[<>"']/);
        expect(rendered('{{ text|title|truncate:9|default:"" }}', { text })).not.toMatch(/[<>"']/);
      }),
    );
  });
});
