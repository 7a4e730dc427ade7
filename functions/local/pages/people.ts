// The people of the account, newest first, or those that an identifier names.
import { claimsOf, findProfile, normalise, precedence } from '../../../shared/domain/identity/index.ts';
import type { ProfileItem } from '../../../shared/storage/items.ts';
import { mergedPage } from '../../../shared/storage/merge.ts';
import { everyShard, profileKey, profileOf, profilesByCreation } from '../../../shared/storage/patterns.ts';
import { type Html, html, link, name } from './html.ts';
import { calledBy } from './names.ts';
import { pager, table } from './table.ts';
import { type Page, type View, at, href, when } from './view.ts';

const perPage = 50;

export async function peoplePage(view: View): Promise<Page> {
  const wanted = view.query.get('q')?.trim() ?? '';
  const body = html`<form class="row" action="${at('people')}" method="get">
      <input type="hidden" name="account" value="${view.account}" />
      <label for="q">Email, phone, id or external id</label>
      <input id="q" name="q" type="search" value="${wanted}" autocomplete="off" /><button>Find</button>
    </form>
    ${wanted === '' ? await newest(view) : await found(view, wanted)}`;
  return { title: 'People', body };
}

async function newest(view: View): Promise<Html> {
  const { system, account, query } = view;
  const { store } = system.world.ports;
  const position = query.get('after');
  const marks = await mergedPage(
    store,
    everyShard.map((shard) => profilesByCreation(account, shard)),
    { size: perPage, newestFirst: true, ...(position !== null && { position }) },
  );
  const items = await store.getMany(marks.items.map((mark) => profileKey(account, profileOf(mark))));
  return html`${peopleTable(
    view,
    items.filter((item) => item !== undefined),
    'Nobody yet.',
  )}
  ${pager([
    ['Newest', position === null ? undefined : href(view, at('people'))],
    ['Older', marks.next === undefined ? undefined : href(view, at('people'), { after: marks.next })],
  ])}`;
}

/** Whoever has the id, and whoever holds what the text may be as an identifier. */
async function found(view: View, wanted: string): Promise<Html> {
  const { system, account } = view;
  const { ports } = system.world;
  const identifiers = precedence.flatMap((kind) => {
    const value = normalise(kind, wanted);
    return value === undefined ? [] : [[kind, value] as const];
  });
  const claims = await claimsOf(ports, account, Object.fromEntries(identifiers));
  const ids = new Set([wanted, ...claims.flatMap(({ owner }) => owner ?? [])]);
  const people = await Promise.all([...ids].map((id) => findProfile(ports, account, { id })));
  const all = html`<p><a href="${href(view, at('people'))}">All people</a></p>`;
  return html`${peopleTable(
    view,
    people.filter((item) => item !== undefined),
    'Nobody has this identifier.',
  )}${all}`;
}

function peopleTable(view: View, people: readonly ProfileItem[], empty: string): Html {
  const rows = people.map((item) => [
    link(href(view, at('people', item.id)), calledBy(item)),
    name(item.phone_number ?? '–'),
    name(item.external_id ?? '–'),
    html`${item.consents?.email?.state.toLowerCase() ?? '–'}`,
    when(view, item.created),
  ]);
  return table({
    caption: 'Newest first; times in UTC',
    columns: ['Person', 'Phone', 'External id', 'Email consent', 'Created'],
    rows,
    empty,
  });
}
