// One person: what is known of them, where they belong, and what has happened.
import { acceptsEmail, personOf, readContact, readProfile } from '../../../shared/domain/identity/index.ts';
import { flowTable } from './enrolments.ts';
import type { ConsentRecordItem, DefinitionItem, MemberItem, ProfileItem } from '../../../shared/storage/items.ts';
import { everything } from '../../../shared/storage/pages.ts';
import {
  consentRecords,
  enrolmentsOfProfile,
  lastSentKey,
  listsOfProfile,
  segmentsOfProfile,
  stateKey,
} from '../../../shared/storage/patterns.ts';
import { type Html, html, json, link, name } from './html.ts';
import { calledBy, flowsById, groupsById } from './names.ts';
import { facts, table } from './table.ts';
import { timeline } from './timeline.ts';
import { type Page, type View, at, href, when } from './view.ts';

export async function personPage(view: View, id: string): Promise<Page> {
  const { system, account } = view;
  const item = await readProfile(system.world.ports, account, id);
  const enrolments = await everything(system.world.ports.store, enrolmentsOfProfile(account, id));
  const flows = await flowsById(view);
  const { properties } = personOf(item);
  const body = html`${await attributes(view, item)}
    <h2>Properties</h2>
    ${Object.keys(properties).length === 0 ? html`<p class="empty">None.</p>` : json(properties)}
    <h2>Email consent</h2>
    ${await consent(view, item)}
    <h2>Lists and segments</h2>
    ${await groups(view, id)}
    <h2>Flows</h2>
    ${flowTable(view, enrolments, flows, { caption: 'Newest first', empty: 'In no flow so far.' })}
    <h2>Timeline</h2>
    ${await timeline(view, id, { enrolments, flows })}`;
  return { title: calledBy(item), body };
}

async function attributes(view: View, item: ProfileItem): Promise<Html> {
  const { store } = view.system.world.ports;
  const state = await store.get(stateKey(view.account, item.id));
  const person = personOf(item);
  const text = (value: string | number | null | undefined) =>
    value === null || value === undefined ? undefined : name(String(value));
  const place = Object.entries(person.location).map(([field, value]) => [field, text(value)] as const);
  return facts([
    ['Id', html`<code>${item.id}</code>`],
    ['Email', text(person.email)],
    ['Phone', text(person.phone_number)],
    ['External id', text(person.external_id)],
    ['Anonymous id', text(person.anonymous_id)],
    ['First name', text(person.first_name)],
    ['Last name', text(person.last_name)],
    ['Organization', text(person.organization)],
    ['Title', text(person.title)],
    ['Locale', text(person.locale)],
    ['Image', text(person.image)],
    ...place,
    ['Created', when(view, item.created)],
    ['Updated', when(view, item.updated)],
    ['Last event', state?.last_event === undefined ? undefined : when(view, state.last_event)],
    ['Next look at segments', state?.timer === undefined ? undefined : when(view, state.timer)],
  ]);
}

/** What is stored of consent and suppression, with its times. */
async function consent(view: View, item: ProfileItem): Promise<Html> {
  const { ports } = view.system.world;
  const { store } = ports;
  const { email, consents } = item;
  const given = consents?.email;
  const [contact, last] = await Promise.all([
    email === undefined ? undefined : readContact(ports, view.account, { kind: 'email', value: email }),
    store.get(lastSentKey(view.account, item.id, 'email')),
  ]);
  const method = [given?.method, given?.method_detail, given?.custom_method_detail].filter((one) => one);
  const open = email !== undefined && acceptsEmail(contact?.item ?? {});
  const records = contact ? await everything(store, consentRecords(contact.key)) : [];
  const history = records.map((record) => historyRow(view, record));
  const rows = (contact?.item?.suppressions ?? []).map(({ reason, at: since }) => [html`${reason}`, when(view, since)]);
  return html`${facts([
      [
        'Marketing email',
        open ? html`<span class="good">may be sent</span>` : html`<span class="bad">may not be sent</span>`,
      ],
      ['Consent', given?.state ?? 'NEVER_SUBSCRIBED'],
      ['Since', given && when(view, given.at)],
      ['Last learned', given && when(view, given.updated)],
      ['By', method.length === 0 ? undefined : name(method.join(', '))],
      ['Last messaged', last && html`${when(view, last.at)}, then left alone for ${last.window_hours} h`],
    ])}
    <h3>Suppressions of the address</h3>
    ${table({ caption: 'They belong to the address, whoever holds it', columns: ['Reason', 'Since'], rows, empty: 'None.' })}
    <h3>How it came about</h3>
    ${table({ caption: 'Every change, oldest first', columns: ['Recorded', 'What', 'To', 'Given or reported', 'By'], rows: history, empty: 'Nothing yet.' })}`;
}

/** The audit trail of the address. */
const historyRow = (view: View, record: ConsentRecordItem): Html[] => [
  when(view, record.recorded),
  name([record.what, record.reason, record.list].filter((one) => one !== undefined).join(' ')),
  html`${record.to}`,
  when(view, record.at),
  name([record.method, record.method_detail, record.custom_method_detail].filter((one) => one !== null).join(', ')),
];

async function groups(view: View, id: string): Promise<Html> {
  const { store } = view.system.world.ports;
  const [lists, segments, inLists, inSegments] = await Promise.all([
    groupsById(view, 'list'),
    groupsById(view, 'segment'),
    everything(store, listsOfProfile(view.account, id)),
    everything(store, segmentsOfProfile(view.account, id)),
  ]);
  const rows = [...rowsOf(view, 'lists', lists, inLists), ...rowsOf(view, 'segments', segments, inSegments)];
  return table({ caption: 'Memberships', columns: ['Name', 'Kind', 'Since'], rows, empty: 'In none.' });
}

const rowsOf = (
  view: View,
  kind: 'lists' | 'segments',
  groups: ReadonlyMap<string, DefinitionItem>,
  members: readonly MemberItem[],
): Html[][] =>
  members.map(({ group, joined }) => {
    const known = groups.get(group);
    return [
      known ? link(href(view, at(kind, group)), known.name) : name(group),
      html`${kind === 'lists' ? 'list' : 'segment'}`,
      when(view, joined),
    ];
  });
