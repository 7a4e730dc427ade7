// Segments and lists: how many are in them, who, and by what rule.
import { countMembers, readList } from '../../../shared/domain/consent/index.ts';
import { isProcessing, segmentOf } from '../../../shared/domain/segments/index.ts';
import { notFound } from '../../../shared/kernel/errors.ts';
import type { DefinitionItem } from '../../../shared/storage/items.ts';
import { mergedPage } from '../../../shared/storage/merge.ts';
import { buildKey, everyShard, joinedOf, membersOfGroup, profileOf } from '../../../shared/storage/patterns.ts';
import { type Html, html, json, link } from './html.ts';
import { groupsById, peopleById, personLink } from './names.ts';
import { facts, pager, table } from './table.ts';
import { type Page, type View, at, href, when } from './view.ts';

export async function segmentsPage(view: View): Promise<Page> {
  const [segments, lists] = await Promise.all([groupsById(view, 'segment'), groupsById(view, 'list')]);
  const body = html`<h2>Segments</h2>
    ${table({
      caption: 'They fill and empty by themselves',
      columns: ['Segment', 'Members', 'State', 'Updated'],
      rows: await Promise.all([...segments.values()].map((item) => segmentRow(view, item))),
      empty: 'No segments yet.',
    })}
    <h2>Lists</h2>
    ${table({
      caption: 'People are put on them',
      columns: ['List', 'Members', 'Updated'],
      rows: await Promise.all([...lists.values()].map((item) => listRow(view, item))),
      empty: 'No lists yet.',
    })}`;
  return { title: 'Segments and lists', body };
}

async function segmentRow(view: View, item: DefinitionItem): Promise<Html[]> {
  const [members, state] = await Promise.all([count(view, item), stateOf(view, item)]);
  return [link(href(view, at('segments', item.id)), item.name), members, state, when(view, item.updated)];
}

async function listRow(view: View, item: DefinitionItem): Promise<Html[]> {
  return [link(href(view, at('lists', item.id)), item.name), await count(view, item), when(view, item.updated)];
}

async function count({ system, account }: View, { id }: DefinitionItem): Promise<Html> {
  return html`${await countMembers(system.world.ports, account, id)}`;
}

/** Whether it follows the facts, and whether its members are still being found. */
async function stateOf({ system, account }: View, item: DefinitionItem): Promise<Html> {
  const segment = segmentOf(item);
  if (!segment.is_active) return html`not active`;
  const build = await system.world.ports.store.get(buildKey(account, item.id));
  if (!isProcessing(segment, build)) return html`<span class="good">up to date</span>`;
  return build ? html`finding its members: ${build.profiles} looked at` : html`about to find its members`;
}

export async function segmentPage(view: View, id: string): Promise<Page> {
  const item = (await groupsById(view, 'segment')).get(id);
  if (!item) throw notFound('segment', id);
  const body = html`${facts([
      ['Id', html`<code>${id}</code>`],
      ['State', await stateOf(view, item)],
      ['Members', await count(view, item)],
      ['Created', when(view, item.created)],
      ['Updated', when(view, item.updated)],
    ])}
    <h2>Definition</h2>
    <p>Groups are joined by and, the conditions within a group by or.</p>
    ${json(segmentOf(item).definition)}
    <h2>Members</h2>
    ${await members(view, at('segments', id), id)}`;
  return { title: item.name, body };
}

export async function listPage(view: View, id: string): Promise<Page> {
  const item = await readList(view.system.world.ports, view.account, id);
  const body = html`${facts([
      ['Id', html`<code>${id}</code>`],
      ['Members', await count(view, item)],
      ['Created', when(view, item.created)],
      ['Updated', when(view, item.updated)],
    ])}
    <h2>Members</h2>
    ${await members(view, at('lists', id), id)}`;
  return { title: item.name, body };
}

const perPage = 50;

async function members(view: View, path: string, group: string): Promise<Html> {
  const { system, account, query } = view;
  const position = query.get('after');
  const page = await mergedPage(
    system.world.ports.store,
    everyShard.map((shard) => membersOfGroup(account, group, shard)),
    { size: perPage, newestFirst: true, ...(position !== null && { position }) },
  );
  const people = await peopleById(view, page.items.map(profileOf));
  const rows = page.items.map((mark) => [personLink(view, profileOf(mark), people), when(view, joinedOf(mark))]);
  return html`${table({ caption: 'Newest first; times in UTC', columns: ['Person', 'Since'], rows, empty: 'Nobody.' })}
  ${pager([
    ['Newest', position === null ? undefined : href(view, path)],
    ['Older', page.next === undefined ? undefined : href(view, path, { after: page.next })],
  ])}`;
}
