import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { templateOf } from './specimens.ts';
import { definitionOf, textBlock, universalOf } from './template-specimens.ts';
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

describe('a template of a definition', () => {
  const post = (path: string, body: object) => stage.send('POST', path, { body });
  const drag = (definition: object, more: object = {}) =>
    post('/api/templates', templateOf({ editor_type: 'SYSTEM_DRAGGABLE', html: undefined, definition, ...more }));
  const render = async (id: string, context: object = {}) => {
    const { one } = await post('/api/template-render', { data: { type: 'template', id, attributes: { context } } });
    return String(one.attributes['html']);
  };

  it('is drawn, rendered, copied and changed', async () => {
    const definition = definitionOf(textBlock('<p>Hi {{ first_name }}</p>'));
    const { one, status } = await drag(definition);
    expect(status).toBe(201);
    expect(one.attributes['definition']).toBeUndefined();
    expect(await render(one.id, { first_name: 'Ana' })).toContain('<p>Hi Ana</p>');
    const read = await stage.send('GET', `/api/templates/${one.id}?additional-fields[template]=definition`);
    expect(read.one.attributes['definition']).toEqual(definition);
    const copy = await post('/api/template-clone', { data: { type: 'template', id: one.id, attributes: {} } });
    const changed = { name: 'New', definition: definitionOf(textBlock('<p>Ho</p>')) };
    const patch = (attributes: object, id = one.id) =>
      stage.send('PATCH', `/api/templates/${id}`, { body: { data: { type: 'template', id, attributes } } });
    expect((await patch(changed)).status).toBe(200);
    expect(await render(one.id)).toContain('<p>Ho</p>');
    expect((await patch({ name: 'Only the name' })).one.attributes['html']).toContain('<p>Ho</p>');
    expect(await render(copy.one.id)).toContain('<p>Hi </p>');
    expect((await patch({ html: '<p>x</p>' })).errors[0]?.source.pointer).toBe('/data/attributes/html');
  });

  it('shows universal content as it is now', async () => {
    const { templates } = stage.sdk;
    const { one } = await post('/api/template-universal-content', universalOf(textBlock('<p>Shop 1</p>'), 'Shop'));
    const block = { ...textBlock('old'), universal_id: one.id };
    const made = await drag(definitionOf(textBlock('<p>Hi</p>'), block));
    expect(made.one.attributes['html']).toContain('Shop 1');
    const data = { type: 'template-universal-content' as const, id: one.id };
    await templates.updateUniversalContent(one.id, {
      data: {
        ...data,
        attributes: {
          definition: {
            contentType: 'block',
            type: 'text',
            data: { content: '<p>Shop {{ n }}</p>', displayOptions: {}, styles: {} },
          },
        },
      },
    });
    expect(await render(made.one.id, { n: 2 })).toContain('<p>Shop 2</p>');
    expect((await templates.getUniversalContent(one.id)).body.data.attributes.name).toBe('Shop');
    const listed = await templates.getAllUniversalContent({ filter: 'equals(definition.type,"text")' });
    expect(listed.body.data.map(({ id }) => id)).toEqual([one.id]);
    expect((await templates.deleteUniversalContent(one.id)).response.status).toBe(204);
    expect(await render(made.one.id)).not.toContain('Shop');
    const created = await templates.createUniversalContent({
      data: {
        type: 'template-universal-content',
        attributes: {
          name: 'Gap',
          definition: { contentType: 'block', type: 'spacer', data: { styles: {} } },
        },
      },
    });
    expect(created.body.data.attributes).toMatchObject({ name: 'Gap', screenshotStatus: 'never_generated' });
  });

  it('is refused where its editor makes no such template', async () => {
    const definition = definitionOf(textBlock('x'));
    const product = {
      content_type: 'block',
      type: 'product',
      data: { display_options: {}, properties: { dynamic: true }, styles: {} },
    };
    const attempts: [object, string][] = [
      [{ editor_type: 'CODE', definition }, '/data/attributes/definition'],
      [{ editor_type: 'SYSTEM_DRAGGABLE', html: '<p>x</p>', definition }, '/data/attributes/html'],
      [{ editor_type: 'SYSTEM_DRAGGABLE', html: undefined }, '/data/attributes/definition'],
      [{ editor_type: 'DRAWN' }, '/data/attributes/editor_type'],
      [
        { editor_type: 'SYSTEM_DRAGGABLE', html: undefined, definition: definitionOf(product) },
        '/data/attributes/definition',
      ],
    ];
    for (const [attributes, pointer] of attempts) {
      const { status, errors } = await post('/api/templates', templateOf(attributes));
      expect([400, 403, 405]).toContain(status);
      expect(errors[0]?.source.pointer).toBe(pointer);
    }
  });
});

it('web feeds are made, read, changed, listed and removed by the SDK', async () => {
  const { webFeeds } = stage.sdk;
  const attributes = {
    name: 'news',
    url: 'https://shop.example/n',
    requestMethod: 'get',
    contentType: 'json',
  } as const;
  const made = await webFeeds.createWebFeed({ data: { type: 'web-feed', attributes } });
  expect(made.response.status).toBe(201);
  const { id } = made.body.data;
  expect(made.body.data.attributes).toMatchObject({ ...attributes, status: 'ok' });
  const changed = await webFeeds.updateWebFeed(id, { data: { type: 'web-feed', id, attributes: { name: 'old' } } });
  expect(changed.body.data.attributes).toMatchObject({ ...attributes, name: 'old' });
  expect((await webFeeds.getWebFeed(id)).body.data.attributes.name).toBe('old');
  const listed = await webFeeds.getWebFeeds({ filter: 'contains(name,"ol")', sort: '-created' });
  expect(listed.body.data.map((one) => one.id)).toEqual([id]);
  expect((await webFeeds.deleteWebFeed(id)).response.status).toBe(204);
  expect(await refusalOf(webFeeds.getWebFeed(id))).toMatchObject({ status: 404 });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'templates'));
