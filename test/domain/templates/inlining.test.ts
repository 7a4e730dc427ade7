import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budget } from '../../../shared/domain/templates/inlining/budget.ts';
import { inlineStyles } from '../../../shared/domain/templates/inlining/inline.ts';
import { TemplateError } from '../../../shared/domain/templates/language/failure.ts';
import { renderTemplate } from '../../../shared/domain/templates/render-template.ts';
import { options, present } from './render.ts';

/** What stands behind the sheet, styles on it. */
function body(sheet: string, html: string): string {
  const source = `<style>${sheet}</style>${html}`;
  const inlined = inlineStyles(source);
  expect(inlined.startsWith(`<style>${sheet}</style>`)).toBe(true);
  return inlined.slice(source.length - html.length);
}

describe('style sheets stand on the elements that they are about', () => {
  it.each([
    ['a name', 'p{color:red}', '<p>x</p>', '<p style="color:red">x</p>'],
    ['a class', '.a{color:red}', '<P CLASS="b a">', '<P style="color:red" CLASS="b a">'],
    ['an id, unquoted', '#a{color:red}', '<p id=a>', '<p style="color:red" id=a>'],
    ['an attribute', 'a[href^="http"]{color:red}', '<a href="https://x">', '<a style="color:red" href="https://x">'],
    ['inside', 'table td p{color:red}', '<table><tr><td><p>', '<table><tr><td><p style="color:red">'],
    ['right inside', 'td > p{color:red}', '<td><i><p></p></i><p>', '<td><i><p></p></i><p style="color:red">'],
    ['several', 'h1,h2{color:red}', '<h1></h1><h2>', '<h1 style="color:red"></h1><h2 style="color:red">'],
    ['all', '*{margin:0}', '<br/><b>', '<br style="margin:0"/><b style="margin:0">'],
    ['the later', 'p{color:red}p{color:blue}', '<p>', '<p style="color:blue">'],
    [
      'the stronger',
      '#a{color:red}.b{color:blue}p{color:green}',
      '<p id=a class=b>',
      '<p style="color:red" id=a class=b>',
    ],
    ['by their weights', 'div p{top:1px}.b{top:2px}p{top:3px}', '<div><p class=b>', '<div><p style="top:2px" class=b>'],
    [
      'what is important',
      'p{color:red!important}#a{color:blue}',
      '<p id=a>',
      '<p style="color:red!important;color:blue" id=a>',
    ],
    ['other sides of it', 'p{margin:1px}#a{margin-top:2px}', '<p id=a>', '<p style="margin:1px;margin-top:2px" id=a>'],
    ['second choices', 'p{color:red;color:lab(1 2 3)}', '<p>', '<p style="color:red;color:lab(1 2 3)">'],
    ['before its own style', 'p{color:red}', '<p style="top:0">', '<p style="color:red;top:0">'],
    ['in its own quotes', `p{font:"A"}`, `<p style='top:0'>`, `<p style='font:&quot;A&quot;;top:0'>`],
    ['with none', 'p{color:red}', '<p style=top:0>', '<p style="color:red;top:0">'],
    ['with nothing', 'p{color:red}', '<p style><p style="">', '<p style="color:red"><p style="color:red;">'],
    ['over lines', 'p {\n  color: red;\n  top: 0;\n}', '<p>', '<p style="color: red;top: 0">'],
  ])('%s', (_, sheet, html, expected) => {
    expect(body(sheet, html)).toBe(expected);
  });

  it.each([
    ['what asks for the screen', '@media (max-width:480px){p{color:red}}'],
    ['states', 'p:hover{color:red}'],
    ['parts', 'p::before{content:"x"}'],
    ['positions, which loops move', 'p:first-child{color:red} b + p{color:red} b ~ p{color:red}'],
    ['negations, which conditions turn', 'p:not(.x){color:red}'],
    ['what nobody can read', 'p{color:red'],
    ['odd selectors', '> p{color:red} p[{color:red} ,p,{color:red}'],
    ['names of fonts', '@font-face{font-family:x;src:url(y)}'],
  ])('%s stay in the sheet alone', (_, sheet) => {
    expect(body(sheet, '<b></b><p>x</p>')).toBe('<b></b><p>x</p>');
  });

  it.each([
    '<style media="print">p{color:red}</style><p>',
    '<style type="text/less">p{color:red}</style><p>',
    '<style data-embed>p{color:red}</style><p>',
    '<!--[if mso]><style>p{color:red}</style><![endif]--><p>',
    '<head><style>*{color:red}</style><title>x</title></head>',
    '{% if x %}<style>p{color:red}</style>{% endif %}<p>',
    '<style>{% if x %}p{color:red}{% endif %}</style><p>',
    '<style>p{color:{% if x %}red{% else %}blue{% endif %}}</style><p>',
    '<style>p{color:red}</style><p {% if x %}style="top:0"{% endif %}>',
    '<style>.a{color:red}</style><p class="{{ kind }}a">',
  ])('leaves %s as it is', (source) => {
    expect(inlineStyles(source)).toBe(source);
  });
});

describe('the template language', () => {
  it('goes on the elements with the sheet, and stays where it is in them', () => {
    const html = `<p class="a {{ kind|default:"x" }}" style="{{ look|default:"top:0" }}">{{ x|default:"<p class='a'>" }}</p>`;
    expect(body('.a{color:{{ person.tint|default:"red" }}}', html)).toBe(
      html.replace('style="', 'style="color:{{ person.tint|default:"red" }};'),
    );
  });

  it('is not taken into a block, where its names may mean something else', () => {
    const html = '{% for x in list %}<p class=a>{% endfor %}<b class=b>';
    expect(body('.a{color:{{ x }}}.b{color:{{ x }}}', html)).toBe(
      '{% for x in list %}<p class=a>{% endfor %}<b style="color:{{ x }}" class=b>',
    );
    expect(body('p{color:red}', '{% for x in list %}<p>{% endfor %}')).toContain('<p style="color:red">');
  });

  it('says where the author went wrong, not where the styles moved it', async () => {
    const settings = {
      timezone: 'UTC',
      currency: 'USD',
      links: options.links,
      now: present,
      clock: { now: () => present },
    };
    const html = '<style>p{color:red}</style><p>{{ first_name }}</p>';
    const made = await renderTemplate({ html }, { first_name: '<Ada>' }, settings);
    expect(made).toMatchObject({
      html: '<style>p{color:red}</style><p style="color:red">&lt;Ada&gt;</p>',
      text: '<Ada>',
    });
    const broken = '<style>p{color:red}</style><p>{{ x|nothing }}</p>';
    const error = await renderTemplate({ html: broken }, {}, settings).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ column: broken.indexOf('nothing') + 1 });
    // Elements that nobody closes, and closing tags that fit none: each of those is sought in all that are open.
    const deep = renderTemplate({ html: '<b>'.repeat(100_000) + '</i>'.repeat(50_000) }, {}, settings);
    await expect(deep).rejects.toThrow('nested');
  });
});

describe('work is bounded', () => {
  const many = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join('');
  it.each([
    ['elements nested without end', `<style>b i{c:d}</style>${'<b>'.repeat(100_000)}${'</i>'.repeat(100_000)}`],
    [
      'long chains',
      `<style>${`${'b '.repeat(100)}i{c:d}`.repeat(200)}</style>${'<b>'.repeat(400)}${'<i></i>'.repeat(9000)}`,
    ],
    ['rules about everything', `<style>${'*{c:d}'.repeat(16_000)}</style>${'<b></b>'.repeat(50_000)}`],
    ['selectors without end', `<style>${'p,'.repeat(90_000)}b{c:d}</style><b>`],
    ['braces', `<style>${'{'.repeat(90_000)}</style><b>`],
    ['long attributes', `<style>${'[a*=x]{c:d}'.repeat(9000)}</style><b a="${'y'.repeat(900_000)}">`],
    [
      'a crowd of classes',
      `<style>${many(8000, (i) => `.a${i}{c:d}`)}</style><b class="${many(8000, (i) => `a${i} `)}">`,
    ],
    ['styles that grow', `<style>b{${many(20_000, (i) => `a${i}:b;`)}}</style>${'<b></b>'.repeat(50_000)}`],
    ['a crowd of sheets', `${'<style>.a{c:d}</style>'.repeat(20_000)}<b class=a>`],
    ['tags of the language', `<style>b{c:d}</style>${'{% if x %}<b>'.repeat(50_000)}`],
  ])('gets through %s, and sends them as they are', (_, source) => {
    // A tenth of what a template may cost, for the sake of time.
    expect(inlineStyles(source, budget(300_000))).toBe(source);
  });
});

const pieces = fc.constantFrom(
  ...[
    '<style>',
    '</style>',
    '<p ',
    '<b>',
    '<td ',
    '</td>',
    '</b>',
    '>',
    '/>',
    'class=a ',
    'class="a b"',
    "id='x'",
    'style="',
  ],
  ...['"', "'", ' style=x', 'x', '.a', '#x', 'p', '{', '}', 'color:red', ';', ',', ' > ', ' ', '{{ x }}', '{% if x %}'],
  ...[
    '{% endif %}',
    '{#',
    '#}',
    '<!--',
    '-->',
    '&quot;',
    '\uFEFF',
    '\n',
    '<script>',
    '</script>',
    '@media x',
    '!important',
  ],
);

it('any source keeps every letter, in its order, whatever is added', () => {
  const one = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
  const sheet = fc.constantFrom('', '<style>*{c:d}</style>', '<style>p,.a{c:{{ x }};e:"f"}#x b{g:h}</style>');
  fc.assert(
    fc.property(sheet, one, (first, rest) => {
      const source = first + rest;
      const inlined = inlineStyles(source);
      let at = 0;
      for (const letter of inlined) if (at < source.length && source.startsWith(letter, at)) at += letter.length;
      expect(at).toBe(source.length);
    }),
    { numRuns: 300 },
  );
});
