import { describe, expect, it } from 'vitest';
import { drawBlock, drawDefinition } from '../../../shared/domain/templates/drawing/draw.ts';
import { drawings } from '../../../shared/domain/templates/drawing/blocks.ts';
import { templateDefinition } from '../../../shared/domain/templates/definition/index.ts';
import { rendered } from './render.ts';

const block = (type: string, data: object | null, more: object = {}) => ({
  content_type: 'block',
  type,
  data: data && { display_options: {}, ...data },
  ...more,
});

const definitionOf = (...blocks: object[]) => ({
  body: {
    properties: {},
    styles: { background_color: '#eeeeee', width: 640 },
    sections: [
      {
        content_type: 'section',
        type: 'section',
        data: { properties: {}, display_options: {}, styles: { background_color: '#ffffff' } },
        rows: [
          {
            data: { styles: { column_layout: '2-columns-33%-67%' } },
            columns: [{ blocks }, { blocks: [] }],
          },
        ],
      },
    ],
  },
  styles: [
    { style_type: 'text-styles', styles: { font_family: '"Open Sans", Arial', font_size: 15 } },
    { style_type: 'heading-1-styles', styles: { font_size: 30 } },
    { style_type: 'link-styles', styles: { color: '#0000ff' } },
  ],
});

/** The definition as the API takes it, drawn, rendered for somebody. */
function shown(blocks: object[], context: Record<string, unknown> = {}): string {
  const definition = definitionOf(...blocks);
  expect(templateDefinition.safeParse(definition).error).toBeUndefined();
  return rendered(drawDefinition(definition), context);
}

describe('a definition', () => {
  it('is drawn with its widths, colors and columns', () => {
    const html = shown([]);
    expect(html).toContain('max-width:640px');
    expect(html).toContain('background-color:#eeeeee');
    expect(html).toMatch(/width:33%.*width:67%/);
    expect(html).toContain('body{font-family:"Open Sans", Arial;font-size:15px}');
    expect(html).toContain('h1{margin:0 0 0px;font-size:30px}');
  });

  it.each<[string, object, string]>([
    ['text', { content: '<p>Hi {{ name }}</p>', styles: { color: '#111111' } }, 'style="color:#111111"><p>Hi Ann</p>'],
    ['html', { content: '<i>{{ name }}</i>' }, '<i>Ann</i>'],
    [
      'button',
      { content: 'Shop', properties: { href: 'https://a.example/?x=1&y={{ name }}' }, styles: {} },
      'href="https://a.example/?x=1&amp;y=Ann"',
    ],
    [
      'image',
      { properties: { dynamic: false, src: 'https://a.example/i.png', alt_text: 'A "b"' }, styles: { width: 300 } },
      'src="https://a.example/i.png" alt="A &quot;b&quot;" width="300"',
    ],
    ['spacer', { styles: { height: 12 } }, 'height:12px'],
    ['horizontal_rule', { styles: { border_width: 2, border_color: '#ff0000' } }, 'border-top:2px solid #ff0000'],
    ['drop_shadow', { styles: { shadow_color: 'dark' } }, '#999999'],
    ['coupon', { content: 'Your code', properties: { coupon: 'Ten', header_enabled: true }, styles: {} }, 'TEN-1234'],
    [
      'video',
      { properties: { src: 'https://a.example/v.png', href: 'https://v.example' }, styles: {} },
      'https://v.example',
    ],
    ['review', { properties: { dynamic: false, stars: 4, quote: 'Good', author: 'Bo' }, styles: {} }, '★★★★</span>☆'],
  ])('draws %s', (type, data, expected) => {
    expect(shown([block(type, data)], { name: 'Ann' })).toContain(expected);
  });

  it('draws blocks with parts', () => {
    const html = shown(
      [
        block(
          'header',
          { styles: {} },
          { subblocks: [{ type: 'header_link_bar_button', content: 'New', href: 'https://n.example' }] },
        ),
        block(
          'social',
          { properties: {}, styles: {} },
          { subblocks: [{ type: 'social_link_icon', link_type: 'instagram', link_url: 'https://i.example' }] },
        ),
        block(
          'split',
          { styles: { column_widths: '40-60' } },
          {
            subblocks: [
              { type: 'table_text', content: 'L' },
              { type: 'table_html', content: '<b>R</b>' },
            ],
          },
        ),
        block(
          'product',
          { properties: { dynamic: false }, styles: { button_background_color: '#123456' } },
          {
            subblocks: [
              {
                type: 'product',
                title: 'Shoe',
                price: '$12',
                link: 'https://s.example',
                image_url: 'https://s.example/i.png',
              },
            ],
          },
        ),
        block(
          'table',
          {
            properties: {
              dynamic: true,
              num_columns: 2,
              row_content_repeat: { repeat_for: 'items', item_alias: 'item' },
            },
            styles: {},
          },
          {
            subblocks: [
              { type: 'table_header', content: 'What' },
              { type: 'table_text', content: '{{ item.name }}' },
              { type: 'table_text', content: '{{ item.price }}' },
            ],
          },
        ),
      ],
      {
        items: [
          { name: 'Hat', price: 5 },
          { name: 'Sock', price: 1 },
        ],
      },
    );
    for (const text of [
      'https://n.example',
      'instagram',
      'width:40%',
      '<b>R</b>',
      'Shoe',
      '#123456',
      'What',
      'Hat',
      'Sock',
    ]) {
      expect(html).toContain(text);
    }
  });

  it('shows blocks to whom, where and as often as they say', () => {
    const repeat = { content_repeat: { repeat_for: 'items', item_alias: 'one' } };
    const html = shown(
      [
        block('html', { content: 'vip', display_options: { visibility: { check: "level == 'vip'" } } }),
        block('html', { content: 'hidden one', display_options: { visibility: { check: "level == 'none'" } } }),
        block('html', { content: '[{{ one }}]', display_options: repeat }),
        block('html', { content: 'small', display_options: { show_on: 'mobile' } }),
      ],
      { level: 'vip', items: [1, 2] },
    );
    expect(html).toContain('vip');
    expect(html).not.toContain('hidden one');
    expect(html).toMatch(/\[1\].*\[2\]/);
    expect(html).toContain('<tr class="mr-mobile"><td>small');
  });

  it('lets no value break out of its place', () => {
    const evil = '"><script>x</script>;}</style>';
    const html = shown([
      block('image', { properties: { dynamic: false, src: evil, alt_text: evil, href: evil }, styles: {} }),
      block('text', {
        content: 'x',
        styles: { color: evil, font_family: 'a;background:url(x)', extra_css_class: evil },
      }),
      block('button', { content: 'x', properties: { href: evil }, styles: { background_color: evil } }),
    ]);
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('url(x)');
    expect(html.match(/<\/style>/g)).toHaveLength(1);
  });

  it.each(Object.keys(drawings))('draws %s whatever is missing, or is something else', (type) => {
    for (const data of [
      null,
      {},
      'x',
      5,
      [1],
      { styles: 'x', properties: [], content: 7, display_options: { visibility: 3, content_repeat: 'x' } },
    ]) {
      expect(typeof drawBlock({ content_type: 'block', type, data, subblocks: [null, {}, 'x', { type: 7 }] })).toBe(
        'string',
      );
    }
  });
});
