import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { templateOperations } from '../../../shared/domain/templates/index.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import type { ParsedQuery, Result } from '../../../shared/jsonapi/operation.ts';
import type { Resource } from '../../../shared/jsonapi/resource.ts';

const anything: ParsedQuery = {
  filters: [],
  page: { size: 10 },
  include: new Set(),
  additional: new Set(),
  fields: new Map(),
};

async function system() {
  const world = memoryPorts();
  const owner = await createAccount(world.ports, {
    name: 'Shop',
    senderEmail: 'shop@shop.example',
    publicId: 'AbC123',
  });
  const context = { account: accountId(owner.id), owner, scopes: new Set<string>(), ports: world.ports };
  const call = async (id: string, attributes?: object, template?: string, query: Partial<ParsedQuery> = {}) => {
    const operation = templateOperations.find((one) => one.id === id)!;
    const parsed = operation.body?.parse({
      data: { type: 'template', ...(template !== undefined && { id: template }), attributes },
    });
    const input = { params: { id: template ?? '' }, query: { ...anything, ...query }, body: parsed };
    return operation.run(input, context);
  };
  const one = async (...args: Parameters<typeof call>): Promise<Resource> =>
    ((await call(...args)) as Extract<Result, { resource: unknown }>).resource!;
  return { world, call, one };
}

const faultOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  return (error as ApiError).faults[0];
};

describe('templates', () => {
  it('are made, read, changed, copied and removed', async () => {
    const { call, one, world } = await system();
    const made = await one('create_template', { name: 'Hi', editor_type: 'CODE', html: '<p>{{ x }}</p>', text: 'T' });
    expect(made.attributes).toMatchObject({
      name: 'Hi',
      editor_type: 'CODE',
      html: '<p>{{ x }}</p>',
      text: 'T',
      amp: null,
    });
    world.clock.advance(60_000);
    const changed = await one('update_template', { html: '<p>2</p>', text: null }, made.id);
    expect(changed.attributes).toMatchObject({ name: 'Hi', html: '<p>2</p>', text: null });
    expect(changed.attributes['updated']).not.toBe(changed.attributes['created']);
    const copy = await one('clone_template', {}, made.id);
    expect(copy.attributes).toMatchObject({ name: 'Hi (copy)', html: '<p>2</p>' });
    await call('delete_template', undefined, made.id);
    expect((await faultOf(call('get_template', undefined, made.id))).code).toBe('not_found');
    expect((await one('get_template', undefined, copy.id)).attributes['html']).toBe('<p>2</p>');
  });

  it('keep large bodies in a file, and no old ones', async () => {
    const { call, one, world } = await system();
    const html = `<p>${'ö'.repeat(150_000)}</p>`;
    const made = await one('create_template', { name: 'Big', editor_type: 'CODE', html });
    const key = (version: number) => `AbC123/templates/${made.id}/${version}`;
    expect(await world.files.get(key(1))).toContain('ö');
    expect((await one('get_template', undefined, made.id)).attributes['html']).toBe(html);
    await one('update_template', { html: `${html}!` }, made.id);
    expect(await world.files.get(key(1))).toBeUndefined();
    expect((await one('get_template', undefined, made.id)).attributes['html']).toBe(`${html}!`);
    await call('delete_template', undefined, made.id);
    expect(await world.files.get(key(2))).toBeUndefined();
  });

  it('are listed in pages of ten, sorted and filtered', async () => {
    const { call, one, world } = await system();
    for (let i = 0; i < 12; i += 1) {
      world.clock.advance(1000);
      await one('create_template', { name: `T${String(i).padStart(2, '0')}`, editor_type: 'CODE', html: String(i) });
    }
    const sort = { field: 'name', descending: true };
    const page = async (query: Partial<ParsedQuery>) =>
      ((await call('get_templates', undefined, undefined, query)) as Extract<Result, { page: unknown }>).page;
    const first = await page({ sort });
    expect(first.resources.map((one) => one.attributes['html'])).toEqual([
      '11',
      '10',
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
      '2',
    ]);
    const second = await page({ sort, page: { size: 10, position: first.next! } });
    expect(second.resources.map((one) => one.attributes['name'])).toEqual(['T01', 'T00']);
    expect(second.next).toBeUndefined();
    const found = await page({ filters: [{ field: 'name', operator: 'contains', values: ['t1'] }] });
    expect(found.resources).toHaveLength(2);
  });

  it('are rendered with the context that is given', async () => {
    const { one } = await system();
    const made = await one('create_template', {
      name: 'Hi',
      editor_type: 'CODE',
      html: "<h1>Hi {{ person.first_name|default:'you' }}</h1><p>{% for i in items %}{{ i }} {% endfor %}</p>",
    });
    const shown = await one(
      'render_template',
      { context: { person: { first_name: '<Ann>' }, items: [1, 2] } },
      made.id,
    );
    expect(shown.attributes['html']).toBe('<h1>Hi &lt;Ann&gt;</h1><p>1 2 </p>');
    expect(shown.attributes['text']).toBe('Hi <Ann>\n\n1 2');
  });

  it('that cannot be rendered are refused with the place', async () => {
    const { call, one } = await system();
    const made = await one('create_template', { name: 'Bad', editor_type: 'CODE', html: "a\n {{ x|default: 'y' }}" });
    const fault = await faultOf(call('render_template', { context: {} }, made.id));
    expect(fault).toMatchObject({ code: 'invalid', source: { pointer: '/data/id' } });
    expect(fault.detail).toContain('line 2, column 15');
  });

  it.each(['code', ''])('of the editor type %j are refused', async (type) => {
    const { call } = await system();
    const fault = await faultOf(call('create_template', { name: 'X', editor_type: type, html: '' }));
    expect(fault).toMatchObject({ code: 'invalid', source: { pointer: '/data/attributes/editor_type' } });
  });

  it('render hostile HTML to text without failing', async () => {
    const { one } = await system();
    for (const html of [
      '<div>'.repeat(50_000),
      '<'.repeat(100_000),
      '<a href="'.repeat(20_000),
      '<!--'.repeat(20_000),
    ]) {
      const made = await one('create_template', { name: 'X', editor_type: 'CODE', html });
      const shown = await one('render_template', { context: {} }, made.id);
      expect(typeof shown.attributes['text']).toBe('string');
    }
  });
});
