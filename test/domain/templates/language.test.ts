import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../shared/domain/templates/language/failure.ts';
import { rendered } from './render.ts';

const context = {
  first_name: 'ann',
  nothing: null,
  flag: true,
  off: false,
  zero: 0,
  price: 12.5,
  html: '<b>"&\'</b>',
  person: { 'Favorite Color': 'blue', email: 'a@b.example', tags: ['x', 'y'] },
  event: {
    $value: 29.98,
    Items: [
      { title: 'Shoe', price: 10, sku: 'b' },
      { title: 'Hat', price: 5.5, sku: 'a' },
      { title: 'Sock', price: 1, sku: 'c' },
    ],
    date: '2026-03-01T15:04:05+02:00',
    url: 'https://shop.example/a b?c=d&e',
  },
  list: [3, 1, 2, 1],
  empty: [],
  bag: { a: 1, b: 2 },
};

/** A template beside what it must print. */
const cases: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  variables: [
    ['Hello {{ first_name }}!', 'Hello ann!'],
    ['{{first_name}}', 'ann'],
    ['{{ nobody }}{{ nobody.at.all }}{{ nothing }}', ''],
    ['{{ event.Items.0.title }} {{ event.Items.7.title }}', 'Shoe '],
    ["{{ person|lookup:'Favorite Color' }} {{ event|lookup:'$value' }}", 'blue 29.98'],
    ["{{ event|lookup:'Items'|lookup:'0'|lookup:'title' }}", 'Shoe'],
    ['{{ flag }} {{ off }} {{ zero }} {{ price }}', 'True False 0 12.5'],
    ['{{ list }} {{ bag }}', '[3, 1, 2, 1] {&#x27;a&#x27;: 1, &#x27;b&#x27;: 2}'],
    ['{{ First_name }}', ''],
    ['{{ "text" }} {{ 1.5 }} {{ -3 }} {{ True }}', 'text 1.5 -3 True'],
    ['{ { first_name } } {{ first_name\n}} %} }}', '{ { first_name } } {{ first_name\n}} %} }}'],
  ],
  escaping: [
    ['{{ html }}', '&lt;b&gt;&quot;&amp;&#x27;&lt;/b&gt;'],
    ['{{ html|safe }}', '<b>"&\'</b>'],
    ['{% autoescape off %}{{ html }}{% endautoescape %}{{ html|length }}', '<b>"&\'</b>10'],
    ['{{ html|escape }}{{ html|escape|escape }}', '&lt;b&gt;&quot;&amp;&#x27;&lt;/b&gt;'.repeat(2)],
    ['{{ html|safe|lower }}', '<b>"&\'</b>'],
    ['{{ nobody|default:"<i>" }}', '<i>'],
    ['{{ html|safe|append:"!" }}', '&lt;b&gt;&quot;&amp;&#x27;&lt;/b&gt;!'],
  ],
  filters: [
    ["{{ nobody|title|default:'there' }} {{ first_name | title }}", 'there Ann'],
    ['{{ price|multiply:.8|floatformat:2 }} {{ 34.0|floatformat }} {{ 34.26|floatformat }}', '10.00 34 34.3'],
    ['{{ 1.005|floatformat:2 }} {{ 1234567.891|floatformat:"2g" }} {{ 34|floatformat:-3 }}', '1.01 1,234,567.89 34'],
    ['{{ "x"|floatformat:2 }}|{{ nobody|multiply:3 }}|{{ 5|divide:0 }}', '||'],
    ['{{ 0.1|plus:0.2 }} {{ 5|minus:7 }} {{ -7|modulo:3 }} {{ 2|at_least:3 }} {{ 2.5|round }}', '0.3 -2 2 3 3'],
    [
      '{{ 2.341|round_up:2 }} {{ 2.349|round_down:2 }} {{ 0.256|percentize:1 }} {{ list|sum_list }}',
      '2.35 2.34 25.6% 7',
    ],
    ['{{ "don\'t stop o\'NEIL 3rd"|title }}', "Don't Stop O'Neil 3rd"],
    ['{{ "abcdef"|truncate:5 }} {{ "abcdef"|truncatechars:4 }} {{ "a b c"|truncatewords:2 }}', 'ab... abc… a b …'],
    ['{{ "a|b"|split:"|"|join:"+" }} {{ "a-b-a"|find_replace:"a|x" }} {{ "aXa"|remove_first:"a" }}', 'a+b x-b-x Xa'],
    ['{{ "a b&c/d"|urlencode }} {{ "a%20b%C3%A9"|urldecode }} {{ "a b"|urlencodeplus }}', 'a%20b%26c/d a bé a+b'],
    [
      '{{ "hi"|base64_encode }} {{ "aGk="|base64_decode }} {{ "hi"|md5_hash }}',
      'aGk= hi 49f68a5c8493ec2c0bf489821c21fc3b',
    ],
    ['{{ flag|yesno:"y,n" }} {{ nothing|yesno:"y,n,m" }} {{ 1|pluralize }}{{ 2|pluralize:"y,ies" }}', 'y m ies'],
    ['{{ list|sort|join:"," }} {{ list|uniq|reverse|join:"," }} {{ list|slice:":2"|join:"," }}', '1,1,2,3 2,1,3 3,1'],
    ['{{ event.Items|sort:"sku"|map:"title"|join:"," }}', 'Hat,Shoe,Sock'],
    ['{{ event.Items|dictfilter:"price>2"|map:"title"|join:"," }}', 'Shoe,Hat'],
    ['{{ event.Items|list_where:"title=Hat"|length }} {{ list|count }} {{ empty|length }}', '1 4 0'],
    ['{{ "abcdef"|slice:"-2:" }} {{ list|first }}{{ list|last }} {{ bag|length }}', 'ef 31 2'],
    ['{{ "a\\"b" }} {{ 7|stringformat:"05d" }} {{ 3.14159|stringformat:".2f" }}', 'a"b 00007 3.14'],
    ['{{ "1"|add:"2" }} {{ "a"|add:"b" }}', '3 ab'],
    ['{{ "x\ny"|linebreaksbr }}', '{{ "x\ny"|linebreaksbr }}'],
  ],
  dates: [
    ["{{ event.date|format_date_string|date:'F d, o' }}", 'March 01, 2026'],
    [
      "{{ event.date|format_date_string|date:'D jS \\o\\f M y, g:i A P e O' }}",
      'Sun 1st of Mar 26, 3:04 PM 3:04 p.m. +0200 +0200',
    ],
    ["{{ event.date|format_date_string|days_later:31|date:'Y-m-d' }}", '2026-04-01'],
    ["{{ '2026-11-01'|datetime_from_string|weeks_since }}", '3'],
    ["{{ first_name|date:'Y' }}{{ 'soon'|format_date_string }}{{ '2026-13-45'|format_date_string }}", ''],
    ['{% now "Y-m-d H:i" %}', '2026-11-23 16:53'],
    ['{% today "%Y-%m-%d" as today %}{{ today }}', '2026-11-23'],
    [
      '{% current_day %} {% current_weekday %} {% current_month %} {% current_month_name %} {% current_year %}',
      '23 Monday 11 November 2026',
    ],
  ],
  conditions: [
    ['{% if first_name %}a{% else %}b{% endif %}', 'a'],
    ['{% if empty %}a{% elif zero %}b{% elif nobody %}c{% else %}d{% endif %}', 'd'],
    ['{% if price > 12 and price <= 12.5 %}y{% endif %}', 'y'],
    ['{% if event.Items|length >= 3 %}y{% endif %}', 'y'],
    ['{% if not nobody and not off or nobody %}y{% endif %}', 'y'],
    ["{% if 'x' in person.tags and 'z' not in person.tags and 'nn' in first_name %}y{% endif %}", 'y'],
    ["{% if first_name == 'ann' and first_name != 'bob' %}y{% endif %}", 'y'],
    ["{% if '10' > 5 or nobody < 3 or nothing > 0 %}y{% else %}n{% endif %}", 'n'],
    ['{% if flag == 1 and nobody == None and nothing is None %}y{% endif %}', 'y'],
    ['{% if off or zero and flag %}y{% else %}n{% endif %}', 'n'],
    ["{% if 'a' in bag %}y{% endif %}", 'y'],
  ],
  loops: [
    ['{% for i in list %}{{ i }}{% if not forloop.last %},{% endif %}{% endfor %}', '3,1,2,1'],
    ['{% for i in empty %}x{% empty %}none{% endfor %}', 'none'],
    ['{% for i in nobody %}x{% endfor %}{% for i in price %}x{% endfor %}', ''],
    ['{% for i in list reversed %}{{ i }}{% endfor %}', '1213'],
    [
      '{% for i in list|slice:":2" %}{{ forloop.counter }}{{ forloop.counter0 }}{{ forloop.revcounter }}{{ forloop.first }} {% endfor %}',
      '102True 211False ',
    ],
    ['{% for k, v in bag.items %}{{ k }}={{ v }};{% endfor %}', 'a=1;b=2;'],
    [
      '{% for i in list|slice:":2" %}{% for t in person.tags %}{{ forloop.parentloop.counter }}{{ t }} {% endfor %}{% endfor %}',
      '1x 1y 2x 2y ',
    ],
    ['{% for i in list %}{% cycle "a" "b" %}{% endfor %}', 'abab'],
    ['{% for i in list|sort %}{% ifchanged i %}{{ i }}{% else %}-{% endifchanged %}{% endfor %}', '1-23'],
  ],
  others: [
    ['{% with a=price b="x" %}{{ a }}{{ b }}{% endwith %}{{ a }}', '12.5x'],
    ['{% with event.Items.0 as item %}{{ item.title }}{% endwith %}', 'Shoe'],
    ['a{# {{ b }} #}c{% comment %}{% nonsense %}{{ x }{% endcomment %}d', 'acd'],
    ['{% verbatim %}{{ raw }} {% if %}{% endverbatim %}', '{{ raw }} {% if %}'],
    ['{% spaceless %} <p> <b> x </b> </p> {% endspaceless %}', '<p><b> x </b></p>'],
    ['{% firstof nobody off first_name "z" %}{% firstof nobody html %}', 'ann&lt;b&gt;&quot;&amp;&#x27;&lt;/b&gt;'],
    ['{% templatetag openblock %}{% widthratio 50 100 30 %}', '{%15'],
    ['{% currency_format event.none|default:"0" %} {% currency_format price %}', '$0.00 $12.50'],
    ['{% unsubscribe %}', '<a href="https://m.example/p/u?a=1&amp;b=2">Unsubscribe</a>'],
    ["{% unsubscribe 'No <more>' %}", '<a href="https://m.example/p/u?a=1&amp;b=2">No <more></a>'],
    ['{% unsubscribe_link %} {% manage_preferences_link %}', 'https://m.example/p/u?a=1&b=2 https://m.example/p/m'],
    ['{{ unsubscribe_link }}', ''],
  ],
};

describe.each(Object.entries(cases))('the template language: %s', (_, rows) => {
  it.each(rows)('%s', (source, expected) => {
    expect(rendered(source, context)).toBe(expected);
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
