import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { templateOf } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const make = async (name: string, html: string) =>
  (
    await stage.sdk.templates.createTemplate({
      data: { type: 'template', attributes: { name, editorType: 'CODE', html } },
    })
  ).body.data.id;

describe('a template', () => {
  it('is made, changed, copied and removed', async () => {
    const { templates } = stage.sdk;
    const made = await templates.createTemplate({
      data: { type: 'template', attributes: { name: 'Hello', editorType: 'CODE', html: '<p>Hi</p>', text: 'Hi' } },
    });
    expect(made.response.status).toBe(201);
    const { id } = made.body.data;
    const changed = await templates.updateTemplate(id, {
      data: { type: 'template', id, attributes: { name: 'Greeting', html: '<p>Ho</p>' } },
    });
    expect(changed.body.data.attributes).toMatchObject({ name: 'Greeting', html: '<p>Ho</p>' });
    const copy = await templates.cloneTemplate({ data: { type: 'template', id, attributes: { name: 'Second' } } });
    expect(copy.response.status).toBe(201);
    expect(copy.body.data.attributes).toMatchObject({ name: 'Second', html: '<p>Ho</p>' });
    expect((await templates.deleteTemplate(id)).response.status).toBe(204);
    expect(await refusalOf(templates.getTemplate(id))).toMatchObject({ status: 404 });
    const read = await templates.getTemplate(copy.body.data.id, { fieldsTemplate: ['name', 'html'] });
    expect(JSON.parse(JSON.stringify(read.body.data.attributes))).toEqual({ name: 'Second', html: '<p>Ho</p>' });
  });

  it('is rendered with what it is given, safely', async () => {
    const id = await make(
      'Order',
      "<p>{{ first_name|default:'friend' }}: {% for item in event.Items %}{{ item.Name }} {% endfor %}</p>",
    );
    const render = async (context: object) => {
      const { response, body } = await stage.sdk.templates.renderTemplate({
        data: { type: 'template', id, attributes: { context } },
      });
      expect(response.status).toBe(201);
      return body.data.attributes.html;
    };
    expect(await render({ first_name: 'Ana', event: { Items: [{ Name: 'Decaf' }, { Name: 'Guji' }] } })).toContain(
      'Ana: Decaf Guji',
    );
    expect(await render({})).toContain('friend:');
    expect(await render({ first_name: '<script>' })).toContain('&lt;script&gt;');
  });

  it('gives nothing away that is not in its context', async () => {
    const paths = [
      'constructor',
      '__proto__',
      'a.constructor',
      "a|lookup:'__proto__'",
      'toString',
      'a.length.constructor',
      'process.env',
    ];
    const id = await make('Hostile', paths.map((path) => `[{{ ${path} }}]`).join(''));
    const body = { data: { type: 'template', id, attributes: { context: { a: 'x' } } } };
    const { one } = await stage.send('POST', '/api/template-render', { body });
    expect(one.attributes['html']).toBe('[]'.repeat(paths.length));
    const own = `{"data":{"type":"template","id":"${id}","attributes":{"context":{"__proto__":"own","constructor":"mine"}}}}`;
    const shown = await stage.send('POST', '/api/template-render', { body: own });
    expect(shown.one.attributes['html']).toMatch(/^\[(mine)?\]\[(own)?\]/);
  });

  it('that never ends or is no template is refused', async () => {
    const post = (html: string) => stage.send('POST', '/api/templates', { body: templateOf({ html }) });
    for (const html of [
      '{% for a in b %}',
      '{% nothing %}',
      '{{ a|nothing }}',
      '{% if %}x{% endif %}',
      '{{ "open }}',
    ]) {
      const { status, errors } = await post(html);
      if (status === 400) expect(errors[0]?.source.pointer).toBe('/data/attributes/html');
      else expect(status).toBe(201);
    }
    const loops = '{% for a in x %}'.repeat(8) + 'y' + '{% endfor %}'.repeat(8);
    const { one } = await post(loops);
    const context = { x: Array.from({ length: 100 }, () => 1) };
    const { status } = await stage.send('POST', '/api/template-render', {
      body: { data: { type: 'template', id: one.id, attributes: { context } } },
    });
    expect(status).toBe(400);
  });

  it('is found among others, also in a document as large as it may be', async () => {
    const { templates } = stage.sdk;
    for (const name of ['Ta one', 'Tb two', 'Tc one']) await make(name, '<p>x</p>');
    const filter = new FilterBuilder().contains('name', 'one').build();
    const first = await templates.getTemplates({ filter, sort: 'name', pageSize: 1 });
    const second = await templates.getTemplates({
      filter,
      sort: 'name',
      pageSize: 1,
      pageCursor: first.body.links?.next ?? '',
    });
    expect([...first.body.data, ...second.body.data].map(({ attributes }) => attributes.name)).toEqual([
      'Ta one',
      'Tc one',
    ]);
    const html = `<p>${'é'.repeat(150_000)}</p>`;
    const id = await make('Large', html);
    expect((await templates.getTemplate(id)).body.data.attributes.html).toBe(html);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'templates'));
