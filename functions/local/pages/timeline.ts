// What has happened to a person, newest first: events a page at a time, with the messages and flows of the same time.
import { profileEvents, readEventBody } from '../../../shared/domain/events/index.ts';
import type { Flow } from '../../../shared/domain/flows/index.ts';
import { instantOf } from '../../../shared/kernel/time.ts';
import type { EnrolmentItem, EventItem } from '../../../shared/storage/items.ts';
import { everything } from '../../../shared/storage/pages.ts';
import { eventAt, messagesOfProfile, stateKey } from '../../../shared/storage/patterns.ts';
import { standing } from './enrolments.ts';
import { type Html, html, json, name } from './html.ts';
import { type Shown, emailsOf, outcome, pathOf, timeOf } from './messages.ts';
import { actionIn, flowLink, metricNames } from './names.ts';
import { pager } from './table.ts';
import { type View, at, href, when } from './view.ts';

interface Happening {
  at: number;
  what: Html;
}

const perPage = 50;
/** Properties are shown at once of so many events, if they are no longer than this. */
const open = { events: 5, length: 600 };

/** One page of it. `before` in the query is where the page before ended, for what is not an event. */
export async function timeline(
  view: View,
  profile: string,
  { enrolments, flows }: { enrolments: readonly EnrolmentItem[]; flows: ReadonlyMap<string, Flow> },
): Promise<Html> {
  const { query } = view;
  const page = await eventsPage(view, profile, query.get('after') ?? undefined);
  const upper = Number(query.get('before') ?? Infinity);
  const lower = page.next === undefined ? -Infinity : Math.min(...page.events.map((event) => instantOf(event.at)));
  const others = [
    ...(await messagesOf(view, profile, flows)),
    ...enrolments.map((one) => entered(view, one, flows)),
  ].filter((one) => one.at >= lower && one.at < upper);
  const names = await metricNames(view);
  const events = await Promise.all(page.events.map((event, i) => happened(view, event, names, i < open.events)));
  const all = [...events, ...others].sort((a, b) => b.at - a.at);
  if (all.length === 0) return html`<p class="empty">Nothing has happened yet.</p>`;
  const older = page.next === undefined ? undefined : { after: page.next, before: String(lower) };
  return html`<ol class="line">
      ${all.map(({ at: time, what }) => html`<li>${when(view, time)} ${what}</li> `)}
    </ol>
    ${pager([
      ['Newest', query.has('after') ? href(view, at('people', profile)) : undefined],
      ['Older', older && href(view, at('people', profile), older)],
    ])}`;
}

async function eventsPage({ system, account }: View, profile: string, position: string | undefined) {
  const { store } = system.world.ports;
  const metrics = Object.keys((await store.get(stateKey(account, profile)))?.metrics ?? {});
  const { marks, next } = await profileEvents(
    store,
    account,
    { profile, metrics },
    { range: {}, size: perPage, newestFirst: true, ...(position !== undefined && { position }) },
  );
  const items = await store.getMany(marks.map((mark) => eventAt(account, profile, mark.sk)));
  return { events: items.filter((item) => item !== undefined), next };
}

async function happened(
  view: View,
  event: EventItem,
  names: ReadonlyMap<string, string>,
  isNew: boolean,
): Promise<Happening> {
  const shown = json(await readEventBody(view.system.world.ports, event));
  const value = event.value === undefined ? undefined : html` <small>${event.value} ${event.currency ?? ''}</small>`;
  const isOpen = isNew && shown.html.length <= open.length ? html` open` : undefined;
  const called = name(names.get(event.metric) ?? event.metric);
  return {
    at: instantOf(event.at),
    what: html`<details${isOpen}><summary><b>${called}</b>${value}</summary>${shown}</details>`,
  };
}

async function messagesOf(view: View, profile: string, flows: ReadonlyMap<string, Flow>): Promise<Happening[]> {
  const items = await everything(view.system.world.ports.store, messagesOfProfile(view.account, profile));
  const emails = emailsOf(view);
  return items.map((item) => {
    const email = emails.get(item.id);
    const shown: Shown = { item, ...(email && { email }) };
    const said = email ? name(email.mail.subject) : actionIn(flows.get(item.flow ?? ''), item.action ?? item.id);
    return {
      at: timeOf(shown),
      what: html`<a href="${href(view, pathOf(shown))}">${said}</a>, message ${outcome(shown)}`,
    };
  });
}

function entered(view: View, enrolment: EnrolmentItem, flows: ReadonlyMap<string, Flow>): Happening {
  const { flow, entered: time } = enrolment;
  const what = html`entered ${flowLink(view, flow, flows)}, ${standing(view, enrolment, flows.get(flow))}`;
  return { at: instantOf(time), what };
}
