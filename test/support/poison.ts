// Values that break systems, as JSON texts: what a parser, a key, a page, a spreadsheet or a template may trip over.

/** A JSON text, and whether an event can hold what it says. What cannot be stored must be refused. */
export interface Poison {
  text: string;
  /** Absent: that depends on how it reaches us. */
  storable?: boolean;
}

const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);
const each = <A, B>(all: readonly A[], others: readonly B[]) => all.flatMap((a) => others.map((b) => [a, b] as const));
const isSurrogate = (point: number) => point >= 0xd800 && point <= 0xdfff;

const characters = [
  ...range(0, 0x17f),
  ...range(0x200b, 0x206f),
  ...[0x0378, 0x034f, 0x061c, 0x180e, 0x3164, 0xe000, 0xfdd0, 0xfeff, 0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd, 0xfffe],
  ...[0xffff, 0x1d173, 0xe0001, 0xe007f, 0xf0000, 0x10ffff],
  ...range(0x800, 0x10ffff, 0x4fb).filter((point) => !isSurrogate(point)),
].map((point) => `a${String.fromCodePoint(point)}b`);

/** 64 pairs that look alike and are not: composed and decomposed. */
const pairs = each(Array.from('aeiounycAEIOUNYC'), ['\u0300', '\u0301', '\u0303', '\u0308']).flatMap(
  ([letter, mark]) => [`${letter}${mark}`.normalize('NFC'), `${letter}${mark}x`],
);

const names = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'then'],
  ...[
    'length',
    'toJSON',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    'true',
    '',
    ' ',
    '.',
    '..',
    '$',
    '$$',
    '0',
    '-1',
    '01',
  ],
];

const delimiters = ['#', '|', '/', '\\', ':', ';', ',', '~', '%', '%23', '%00', '&', '?', '!', '*', '`', '"', "'"];
const keys = each(delimiters, delimiters).map(([a, b]) => `a${a}P${b}b`);

const formulas = each(
  ['=', '+', '-', '@', '\t=', '\r=', '\n=', '|', '＝'],
  ['1+1', "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', 'SUM(A1:A9)', 'IMPORTXML("http://x","//a")'],
).map(([sign, rest]) => `${sign}${rest}`);

const headers = each(
  ['\r\n', '\n', '\r', '\u0085', '\u2028', '%0d%0a', '\r\n\t', '\0\r\n'],
  ['Bcc: x@evil.example', 'Location: http://evil.example', 'Set-Cookie: a=b', '\r\n<b>'],
).map(([end, rest]) => `Hello${end}${rest}`);

const markup = each(
  ['img', 'svg', 'body', 'iframe', 'video', 'math', 'details', 'input', 'object', 'a', 'style', 'script', 'form'],
  ['onerror', 'onload', 'onfocus', 'ontoggle', 'href', 'src', 'style', 'srcdoc', 'xlink:href', 'formaction', 'action'],
).map(([tag, name]) => `"'><${tag} ${name}=javascript:alert(1)//`);
const scripts = [
  ...['</script><script>alert(1)</script>', '<!--', '-->', ']]>', '<![CDATA[', '&lt;script&gt;', '&#60;script&#62;'],
  ...[
    '\\u003cscript\\u003e',
    'javascript:alert(1)',
    'JaVa\tScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
  ],
  ...[
    'expression(alert(1))',
    '@import "//evil.example"',
    "url('javascript:x')",
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
  ],
];

const templates = each(
  ['{{ $ }}', '{% $ %}', '{{{ $ }}}', '${$}', '<%= $ %>', '#{$}', '{{ x|$ }}', '[[ $ ]]'],
  [
    ...['7*7', 'person', "person|lookup:'__proto__'", 'constructor.constructor("return process")()', 'settings.SECRET'],
    ...["''.__class__.__mro__", 'for a in b', 'include "x"', 'script::x', 'endif', '"', 'self', 'config', 'raw'],
  ],
).map(([frame, inside]) => frame.replace('$', () => inside));

const hosts = [
  ...['127.0.0.1', '0x7f.1', '2130706433', '0177.0.0.1', '127.1', '①②⑦.⓪.⓪.①', '127。0。0。1', '0', '[::]', '[::1]'],
  ...['[::ffff:7f00:1]', '[64:ff9b::a9fe:a9fe]', '[2002:7f00:1::]', '[::127.0.0.1]', '[fd00:ec2::254]', 'localhost.'],
  ...['169.254.169.254', '127.0.0.1.nip.io', 'evil.example\\@127.0.0.1', 'user:pass@evil.example', 'аррӏе.example'],
];
const urls = each(['http', 'https', 'file', 'gopher', 'ftp', 'data', 'javascript'], hosts).map(
  ([scheme, host]) => `${scheme}://${host}/x?y=%00#z`,
);

const paths = each(
  ['../', '..\\', '%2e%2e%2f', '..%252f', '....//', '..;/', '\\\\', '/%c0%af'],
  ['etc/passwd', 'windows/win.ini', 'proc/self/environ', '.aws/credentials'],
).map(([up, file]) => `${up.repeat(4)}${file}`);

const dates = [
  ...['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '10000-01-01T00:00:00Z', '2026-01-01T24:00:00Z', '1970-01-01'],
  ...['2016-12-31T23:59:60Z', '2026-02-30', '2026-03-08T02:30:00', '2026-03-29T02:30:00', '2026-10-25T02:30:00+02:00'],
  ...[
    '9999-12-31T23:59:59-23:59',
    '0001-01-01T00:00:00+23:59',
    '-000001-01-01T00:00:00Z',
    '2026-W01-1',
    'today',
    '1e3',
  ],
];

const looks = [
  ...[
    'рaypal',
    'ⓔⓥⓘⓛ',
    'ｅｖｉｌ',
    'ﬁle',
    'ß',
    'ẞ',
    'İ',
    'ı',
    'ſ',
    'K',
    'Å',
    'ǰ',
    'ΐ',
    '👩‍👩‍👧‍👦',
    '🏳️‍🌈',
    '🇦🇶',
    'e\u0301\u0301\u0301',
  ],
  ...[
    '\u202eevil\u202c',
    '\u2066a\u2069',
    'Z\u0335\u0321a\u0334l\u0337g\u0338o',
    '\u{1f600}'.repeat(200),
    '\u0300'.repeat(500),
  ],
  ...["' OR 1=1--", '1; DROP TABLE x', '{"$gt":""}', 'attribute_exists(pk)', ':v', '#n', 'a@b,c@d', '"a b"@c.example'],
  ...[
    'H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAA',
    'UEsDBAoAAAAAAA==',
    '\u001b[31mred\u001b[0m',
    '() { :;}; echo x',
    '`id`',
    '$(id)',
  ],
];

const strings = [
  ...[...characters, ...pairs, ...names, ...keys, ...formulas, ...headers, ...markup, ...scripts, ...templates],
  ...[...urls, ...paths, ...dates, ...looks, 'x'.repeat(100 * 1024), '\u{1f600}'.repeat(25 * 1024)],
];

const kept = (text: string): Poison => ({ text, storable: true });
const lost = (text: string): Poison => ({ text, storable: false });

const wide = (count: number) =>
  `{${range(1, count)
    .map((n) => `"k${n}":${n}`)
    .join()}}`;
const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

const numbers: readonly Poison[] = [
  // Written out by whoever passes it on, it is a whole number that a double may not hold.
  { text: '1e20' },
  ...['0', '-0', '1', '-1', '0.1', '1e-7', '5e-324', '1e-400', '1.7976931348623157e308', '0.30000000000000004'].map(
    kept,
  ),
  ...['9007199254740991', '-9007199254740991', '123456789.123456789'].map(kept),
  ...['9007199254740993', '-9007199254740993', '1e400', '-1e400', '9223372036854775807', '9'.repeat(40)].map(lost),
];

/** The whole corpus. */
export const poison: readonly Poison[] = [
  ...[...new Set(strings)].map((value) => kept(JSON.stringify(value))),
  ...['"\\ud800"', '"\\udc00\\ud800"', '"x\\udfff"', '"\\ud83d"'].map(lost),
  lost(JSON.stringify('x'.repeat(100 * 1024 + 1))),
  lost(JSON.stringify('\u{1f600}'.repeat(25 * 1024 + 1))),
  ...numbers,
  ...['null', 'true', 'false', '[]', '{}', '[[]]', '[null]', '{"":{"":{}}}', '{"a":1,"a":2}', wide(2000)].map(kept),
  ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', '[1,"1",true]'].map(kept),
  ...range(1, 9).map((levels) => kept(nested(levels))),
  ...[10, 11, 40, 200, 5000].map((levels) => lost(nested(levels))),
  kept(`[${range(1, 4000).join()}]`),
  lost(`[${range(1, 4001).join()}]`),
];
