// Documents that nobody should send, and somebody does. Each is applied or refused with a report.
import { gzipSync } from 'node:zlib';
import { HttpRefused, type HttpReply } from '../../../shared/ports.ts';
import { product } from './shop.ts';

export interface Poison {
  format?: 'xml';
  items_path?: string;
  body: string | Uint8Array | (() => HttpReply | undefined);
  /** What the run as a whole is refused for; absent: it is applied. */
  refusal?: RegExp;
  /** The ids that are there afterwards, beside what was there before. */
  made?: readonly string[];
  /** What is told of single objects. */
  details?: readonly RegExp[];
}

const json = (...items: object[]) => JSON.stringify(items);
const good = product('good');
const xmlOf = (id: string) => `<p><id>${id}</id><title>t</title><link>l</link><description>d</description></p>`;
const reply = (body: string | Uint8Array, status = 200): HttpReply => ({
  status,
  headers: {},
  body: Buffer.from(body),
});
const late = (name: string) => () => {
  throw Object.assign(new Error('The operation was aborted.'), { name });
};
const cannot = /^It cannot be read: /;
const none = /^There is no list of items/;

export const poison: Readonly<Record<string, Poison>> = {
  nothing: { body: '', refusal: cannot },
  'white space': { body: ' \n ', refusal: cannot },
  'an empty list': { body: '[]', refusal: /holds no item/ },
  'no list': { body: '{"id":"a"}', refusal: none },
  'a number': { body: '12', refusal: none },
  'a list elsewhere': { items_path: 'a.b', body: '{"a":{"c":[1]},"b":[1]}', refusal: none },
  truncated: { body: json(good).slice(0, -1), refusal: cannot },
  'truncated in a text': { body: json(good).slice(0, 20), refusal: cannot },
  'truncated in a letter': { body: Buffer.from('["é').subarray(0, 3), refusal: /not UTF-8/ },
  'two documents': { body: `${json(good)}${json(good)}`, refusal: cannot },
  'a comment': { body: `[/* */${JSON.stringify(good)}]`, refusal: cannot },
  'a trailing comma': { body: `[${JSON.stringify(good)},]`, refusal: cannot },
  NaN: { body: '[{"id":NaN}]', refusal: cannot },
  'a byte order mark': { body: `\ufeff${json(good)}`, made: ['good'] },
  'UTF-16': { body: Buffer.from(`\ufeff${json(good)}`, 'utf16le'), refusal: /not UTF-8/ },
  Latin: { body: Buffer.from(json(product('good', { title: 'é' })), 'latin1'), refusal: /not UTF-8/ },
  'bytes of a picture': { body: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0xff]), refusal: /not UTF-8/ },
  'gzip that is not said to be': { body: gzipSync(json(good)), refusal: /not UTF-8/ },
  'a page that says sorry': { body: '<html><body>503</body></html>', refusal: cannot },
  'deep lists': { body: '['.repeat(100_000), refusal: /nests deeper/ },
  'deep objects': { body: `[${'{"a":'.repeat(60)}1${'}'.repeat(60)}]`, refusal: /nests deeper/ },
  'deep outside of the items': { items_path: 'x', body: '{"a":'.repeat(200), refusal: /nests deeper/ },
  'an item of more than 1 MB': {
    body: json(product('x', { more: 'x'.repeat(1_200_000) })),
    refusal: /larger than 1 MB/,
  },
  'a text that never ends': { body: `["${'x'.repeat(1_200_000)}`, refusal: /larger than 1 MB/ },
  'a number that never ends': { body: `[${'1'.repeat(1_200_000)}`, refusal: /larger than 1 MB/ },
  'white space that never ends': { body: `[${' '.repeat(1_200_000)}]`, refusal: /larger than 1 MB/ },
  'huge numbers': {
    body: `[{"id":1e999999,"title":"t","link":"l","description":"d","price":1e400},${JSON.stringify(good)}]`,
    made: ['good'],
    details: [/^Its price is /],
  },
  'a number of a million digits': {
    body: `[{"id":"n","title":"t","link":"l","description":"d","price":${'9'.repeat(500_000)}}]`,
    details: [/^Its price is /],
  },
  'no objects': { body: '[1,"a",null,true,[],[[]]]', details: Array.from({ length: 6 }, () => /is no object/) },
  'missing ids': {
    body: json({ ...good, id: null }, { ...good, id: '' }, good),
    made: ['good'],
    details: [/id/, /id/],
  },
  'duplicate ids': { body: json(good, product('good', { title: 'Other' })), made: ['good'], details: [/has its id/] },
  'ids of every kind': {
    body: json(product('a#b%'), product('$custom:::$default:::x'), product('__proto__'), product('é'.repeat(255))),
    made: ['a#b%', '$custom:::$default:::x', '__proto__', 'é'.repeat(255)],
  },
  'an id that is too long': { body: json(product('x'.repeat(256)), good), made: ['good'], details: [/255/] },
  'fields of wrong types': {
    body: json(
      { ...good, title: 1 },
      product('b', { title: ['t'] }),
      product('c', { title: {} }),
      product('d', { price: 'cheap' }),
      product('e', { inventory_policy: 3 }),
      product('f', { categories: [['x']] }),
      product('g', { categories: Array.from({ length: 51 }, (_, n) => `c${n}`) }),
      product('h', { inventory_quantity: true }),
    ),
    // A number is taken as it is written: JSON feeds have ids and titles without quotes.
    made: ['good'],
    details: [/title/, /title/, /price/, /inventory_policy/, /categories/, /categories/, /inventory_quantity/],
  },
  '__proto__ keys': {
    body: '[{"__proto__":{"id":"bad","title":"t","link":"l","description":"d"}},{"constructor":{"prototype":{"id":"x"}}}]',
    details: [/id is missing/, /id is missing/],
  },
  'a path through __proto__': {
    items_path: '__proto__.x',
    body: '{"__proto__":{"x":[]},"y":1}',
    refusal: /holds no item/,
  },
  'half a pair of surrogates': {
    body: '[{"id":"\\ud800","title":"t","link":"l","description":"d"}]',
    made: ['\ufffd'],
  },
  'control characters': { body: json(product('good', { title: 'a\u0000b\u0008' })), made: ['good'] },
  'an item of 400 KB': {
    body: json(product('big', { title: 'x'.repeat(400_000) }), good),
    made: ['good'],
    details: [/300/],
  },
  XML: { format: 'xml', body: `<ps>${xmlOf('good')}</ps>`, made: ['good'] },
  'XML with a byte order mark': { format: 'xml', body: `\ufeff<ps>${xmlOf('good')}</ps>`, made: ['good'] },
  'XML truncated': { format: 'xml', body: `<ps>${xmlOf('good')}`, refusal: cannot },
  'XML truncated in a tag': { format: 'xml', body: `<ps>${xmlOf('good')}</p`, refusal: cannot },
  'XML with crossed tags': { format: 'xml', body: '<ps><a><b></a></b></ps>', refusal: cannot },
  'XML with two roots': { format: 'xml', body: `<ps>${xmlOf('good')}</ps><ps/>`, refusal: cannot },
  'XML that is JSON': { format: 'xml', body: json(good), refusal: cannot },
  'XML with elements that close themselves': {
    format: 'xml',
    body: `<ps><p a="1"/>${xmlOf('good')}<p /></ps>`,
    made: ['good'],
    details: [/id is missing/, /is no object/],
  },
  'XML that ends in a tag that closes itself': { format: 'xml', body: `<ps>${xmlOf('good')}<p/>`, refusal: cannot },
  'XML with nothing in it': { format: 'xml', body: '<ps/>', refusal: /holds no item/ },
  'a billion laughs': {
    format: 'xml',
    body: '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l><p><id>&b;</id></p></l>',
    refusal: /declares a document type/,
  },
  'an entity from a file': {
    format: 'xml',
    body: '<!doctype l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l><p><id>&x;</id></p></l>',
    refusal: /declares a document type/,
  },
  'a DTD from elsewhere': {
    format: 'xml',
    body: '<!DOCTYPE l SYSTEM "https://evil.example/l.dtd"><l/>',
    refusal: /declares a document type/,
  },
  'entities that nobody declared': { format: 'xml', body: `<ps>${xmlOf('&lol;')}</ps>`, made: ['&lol;'] },
  'XML in Latin': { format: 'xml', body: Buffer.from('<ps><p>\xe9</p></ps>', 'latin1'), refusal: /not UTF-8/ },
  'deep XML': { format: 'xml', body: '<a>'.repeat(100), refusal: cannot },
  'a comment that never ends': { format: 'xml', body: `<ps><!--${'x'.repeat(1_200_000)}`, refusal: /larger than 1 MB/ },
  'an attribute that never ends': {
    format: 'xml',
    body: `<ps a="${'x'.repeat(1_200_000)}`,
    refusal: /larger than 1 MB/,
  },
  '__proto__ elements': {
    format: 'xml',
    body: '<ps><p><__proto__><id>x</id></__proto__></p></ps>',
    details: [/id is missing/],
  },
  'a 404': { body: () => reply('{}', 404), refusal: /answered 404/ },
  'a redirect that is not followed': { body: () => reply('', 302), refusal: /answered 302/ },
  'a private address': {
    body: () => {
      throw new HttpRefused('The URL names an address that is not public.');
    },
    refusal: /not public/,
  },
  'nobody there': { body: () => undefined, refusal: /could not be reached/ },
  'a slow server': { body: late('AbortError'), refusal: /took too long/ },
  'a server that is out of time': { body: late('TimeoutError'), refusal: /took too long/ },
};
