// The text part that is filled in is the one that would have been made of the HTML.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderText } from '../../../shared/domain/templates/language/compile.ts';
import { plainTextMaker } from '../../../shared/domain/templates/plain-text.ts';
import { textPartOf } from '../../../shared/domain/templates/text-part.ts';
import { options } from './render.ts';

const plainTextOf = await plainTextMaker();

const rendering = (source: string, context: Record<string, unknown>, address = 'https://m.example/p/u') =>
  renderText(source, context, {
    ...options,
    links: { ...options.links, unsubscribe: address },
    asked: new Map(),
  });

const names = ['a', 'b'];
const parts = [
  ...names.flatMap((name) => [
    `{{ ${name} }}`,
    ` {{ ${name} }} `,
    `<b>{{ ${name} }}</b>`,
    `<a href="https://shop.example/{{ ${name} }}">See</a>`,
    `<a href='{{ ${name} }}'>{{ ${name} }}</a>`,
    `<a href="{{ ${name}|safe }}">x</a>`,
    `<a href="x?a=1&amp{{ ${name} }}">&amp{{ ${name} }}</a>`,
    `<h{{ ${name} }}>Title</h1>`,
    `<ol start="{{ ${name} }}"><li>one</li></ol>`,
    `<img alt="{{ ${name} }}" src="{{ ${name} }}">`,
    `<!-- {{ ${name} }} -->`,
    `<pre>  {{ ${name} }}  </pre>`,
    `<style>.x{color:{{ ${name} }}}</style>`,
    `{% if ${name} == "1" %}<p>one</p>{% else %}<p>{{ ${name} }}</p>{% endif %}`,
    `{{ ${name}|safe }}`,
  ]),
  '{% for one in many %}<tr><td>{{ one }}</td></tr>{% endfor %}',
  '{% unsubscribe %}',
  '<a href="{% unsubscribe_link %}">Leave</a>',
  ...['<p>', '</p>', '<table>', '</table>', '<br>', ' words ', '\n', '<h1>Head</h1>', '<li>', '&nbsp;', '&lt'],
];
const values = [
  '1',
  '2',
  'Ana',
  "O'Hara",
  'Ana Maria',
  ' ',
  '',
  'a  b',
  ' x',
  'x\n',
  '<b>',
  '&',
  ';',
  'p;',
  '"',
  '#top',
];
const value = fc.oneof(
  fc.constantFrom(...values, 'mailto:a@example.org', 'https://x.example/?a=1&b=2', '\uE000', '\u200B', '\u00A0'),
  fc.string({ maxLength: 6 }),
);
const context = fc.record({ a: value, b: value, many: fc.array(value, { maxLength: 3 }) });

describe('the text part of an email', () => {
  it('is what the HTML gives, whoever came before', async () => {
    const source = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 }).map((some) => some.join(''));
    await fc.assert(
      fc.asyncProperty(source, fc.array(context, { minLength: 3, maxLength: 6 }), async (text, contexts) => {
        for (const one of contexts) {
          const made = rendering(text, one);
          expect(await textPartOf(made)).toBe(plainTextOf(made.text));
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 300) },
    );
  });

  it('is filled in from the third email of a kind on, with its own names and ways out', async () => {
    const source =
      '<h1>Hello {{ a }}</h1><p>See <a href="https://shop.example/{{ b }}">this</a>, {{ a }}</p>{% unsubscribe %}';
    const texts = [];
    for (const [at, a] of ['Ana', "O'Hara", 'Bo & Co', 'Zoë', 'two  blanks'].entries()) {
      const made = rendering(source, { a, b: `n${at}` }, `https://m.example/p/u/${at}`);
      texts.push(await textPartOf(made));
      expect(texts.at(-1)).toBe(plainTextOf(made.text));
    }
    expect(texts[3]).toBe(
      'Hello Zoë\n\nSee this [https://shop.example/n3], Zoë\n\nUnsubscribe [https://m.example/p/u/3]',
    );
  });
});
