// What emails carry that tells of opens and clicks: links exchanged to the letter, parameters, the picture.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeLinks } from '../../../shared/domain/messaging/links-in.ts';
import { type EmailContent, openLink } from '../../../shared/domain/messaging/index.ts';
import { type Param, withParams } from '../../../shared/domain/messaging/utm.ts';
import { account, setting } from './setting.ts';

const marked = (html: string) => exchangeLinks(html, ({ url, alt }) => `[${url}${alt === undefined ? '' : `|${alt}`}]`);

describe('the links of HTML', () => {
  it.each([
    ['<a href="https://a.example/?x=1&amp;y=2">A</a>', '<a href="[https://a.example/?x=1&amp;y=2]">A</a>'],
    ["<A class=x HREF = 'https://a.example/'>A</A>", "<A class=x HREF = '[https://a.example/]'>A</A>"],
    ['<a href=https://a.example/b>A</a>', '<a href="[https://a.example/b]">A</a>'],
    ['<area href="https://a.example">', '<area href="[https://a.example]">'],
    ['<a href="">A</a>', '<a href="[]">A</a>'],
    ['<a href="&#104;ttps://a.example">A</a>', '<a href="[https://a.example]">A</a>'],
    [
      '<a href="https://a.example"><img alt="Shoe &amp; sock"></a>',
      '<a href="[https://a.example|Shoe &amp; sock]"><img alt="Shoe &amp; sock"></a>',
    ],
    ['<a href="https://a.example">A</a><img alt="Other">', '<a href="[https://a.example]">A</a><img alt="Other">'],
  ])('are found: %s', (html, expected) => {
    expect(marked(html)).toBe(expected);
  });

  it.each([
    '<!-- <a href="https://a.example">A</a> -->',
    '<!--[if mso]><v:rect href="https://a.example"></v:rect><![endif]-->',
    '<link href="https://a.example/style.css" rel="stylesheet">',
    '<script>const a = \'<a href="https://a.example">A</a>\';</script>',
    '<style>a[href="https://a.example"] { color: red }</style>',
    '<p title="<a href=\'https://a.example\'>">A</p>',
    '<a data-href="https://a.example">A</a>',
    '<a href>A</a>',
    '<a href=&#104;ttps://a.example>A</a>',
    'https://a.example',
  ])('are nothing else: %s', (html) => {
    expect(marked(html)).toBe(html);
  });

  it('leave every letter around them as it was, whatever it is', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('<p>', '</p>', '&nbsp;', '<br/>', '<!-- x -->', '"', "'", '<', '>', '&', '<a href="u">', '</a>'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const html = pieces.join('');
        expect(exchangeLinks(html, () => undefined)).toBe(html);
        const found: string[] = [];
        const changed = exchangeLinks(html, ({ url }) => {
          found.push(url);
          return 'u';
        });
        // Whoever exchanges an address for itself changes nothing but its spelling.
        if (found.every((url) => url === 'u') && !/href=[^"]/.test(html)) expect(changed).toBe(html);
      }),
    );
  });
});

describe('parameters', () => {
  const param = (name: string, value: string): Param => ({ name, value: { type: 'static', value } });
  it.each([
    ['https://a.example', 'https://a.example?utm_source=K+%26+co'],
    ['https://a.example/#top', 'https://a.example/?utm_source=K+%26+co#top'],
    ['https://a.example/?q=a%20b', 'https://a.example/?q=a%20b&utm_source=K+%26+co'],
    ['https://a.example/?', 'https://a.example/?utm_source=K+%26+co'],
    ['https://a.example/?utm_source=mine', 'https://a.example/?utm_source=mine'],
  ])('are added to %s', (url, expected) => {
    expect(withParams(url, [param('utm_source', 'K & co')], {})).toBe(expected);
  });

  it('stand for what is known of the message, and are left out where nothing is', () => {
    const dynamic = (name: string, value: 'flow_id' | 'link_alt_text'): Param => ({
      name,
      value: { type: 'dynamic', value },
    });
    const params = [dynamic('utm_id', 'flow_id'), dynamic('utm_term', 'link_alt_text'), param('empty', '')];
    expect(withParams('https://a.example/', params, { flow_id: 'F1' })).toBe('https://a.example/?utm_id=F1');
  });
});

describe('an email', () => {
  const html = `<body><a href="https://shop.example/shoes?a=1">Shoes</a> <a href="mailto:a@b.example">Mail</a>
<a href="{% web_view_link %}">View</a> {% unsubscribe %} {% update_property_link 'Size' '42' 'https://shop.example/thanks' %}</body>`;
  const tracking: NonNullable<EmailContent['tracking']> = {
    ...{ opens: true, clicks: true, facts: {} },
    params: [{ name: 'utm_medium', value: { type: 'dynamic', value: 'message_type' } }],
  };
  const sent = async (change: Partial<EmailContent>, written = html) => {
    const world = await setting(written);
    const message = await world.queue();
    await world.send(message, change);
    const { html: shown = '' } = world.mail.inbox[0] ?? {};
    const hrefs = [...shown.matchAll(/href="([^"]*)"/g)].map(([, one = '']) => one);
    const token = (kind: string) => new RegExp(`https://m\\.example/p/${kind}/([\\w.-]+)`).exec(shown)?.[1] ?? '';
    return { ...world, message, shown, hrefs, token };
  };

  it('leads by us and shows the picture; our own pages and what is no page stay as they are', async () => {
    const { hrefs, token, shown, owner, profile, message } = await sent({ tracking });
    const open = (kind: 'click' | 'open' | 'property' | 'view') => openLink(owner.secret, kind, account, token(kind));
    const of = { profile, message };
    expect(open('click')).toEqual({ ...of, url: 'https://shop.example/shoes?a=1&utm_medium=email' });
    expect(open('open')).toEqual(of);
    expect(open('view')).toEqual(of);
    expect(open('property')).toEqual({ ...of, property: 'Size', value: '42', url: 'https://shop.example/thanks' });
    expect(hrefs.filter((one) => one.includes('/p/click/'))).toHaveLength(1);
    expect(hrefs).toContain('mailto:a@b.example');
    expect(shown).toMatch(/<img src="https:\/\/m\.example\/p\/open\/[^"]+" alt="" [^>]*><\/body>/);
    expect(shown).not.toContain('shop.example');
  });

  it('carries parameters alone where clicks are not told of', async () => {
    const { hrefs, shown } = await sent({ tracking: { ...tracking, clicks: false, opens: false } });
    expect(hrefs).toContain('https://shop.example/shoes?a=1&amp;utm_medium=email');
    expect(shown).not.toContain('/p/open/');
  });

  it('is what its template says where nothing is told of', async () => {
    const { hrefs, shown } = await sent({});
    expect(hrefs).toContain('https://shop.example/shoes?a=1');
    expect(shown).not.toMatch(/\/p\/(open|click)\//);
  });

  it('leaves an address as it is that is too long for a token', async () => {
    const long = `https://shop.example/${'x'.repeat(1800)}`;
    const { hrefs } = await sent({ tracking: { ...tracking, params: [] } }, `<a href="${long}">A</a>`);
    expect(hrefs[0]).toBe(long);
  });
});
