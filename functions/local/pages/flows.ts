// Flows: their actions as a tree, and where people stand in them.
import type { Flow } from '../../../shared/domain/flows/index.ts';
import { notFound } from '../../../shared/kernel/errors.ts';
import type { EnrolmentItem } from '../../../shared/storage/items.ts';
import { flowTable } from './enrolments.ts';
import { type Html, html, json, link, name } from './html.ts';
import { type Action, actionText, flowsById, metricNames, peopleById, personLink } from './names.ts';
import { facts } from './table.ts';
import { type Page, type View, at, href, itemsOf, when } from './view.ts';

export async function flowsPage(view: View): Promise<Page> {
  const flows = await flowsById(view);
  const names = await metricNames(view);
  const enrolments = Map.groupBy(itemsOf(view, 'enrolment'), ({ flow }) => flow);
  const sections = [...flows.values()].map(
    (flow) =>
      html`<section>
        <h2>${link(href(view, at('flows', flow.id)), flow.name)}</h2>
        ${summary(view, flow, enrolments.get(flow.id) ?? [], names)}
      </section>`,
  );
  return { title: 'Flows', body: sections.length === 0 ? html`<p class="empty">No flows yet.</p>` : html`${sections}` };
}

/** The newest enrolments that a flow's page shows. */
const mostShown = 100;

export async function flowPage(view: View, id: string): Promise<Page> {
  const flows = await flowsById(view);
  const flow = flows.get(id);
  if (!flow) throw notFound('flow', id);
  const enrolments = itemsOf(view, 'enrolment').filter((one) => one.flow === id);
  const newest = enrolments.sort((a, b) => (a.entered < b.entered ? 1 : -1)).slice(0, mostShown);
  const people = await peopleById(
    view,
    newest.map(({ profile }) => profile),
  );
  const body = html`${summary(view, flow, enrolments, await metricNames(view))}
    <h2>People in it</h2>
    ${flowTable(view, newest, flows, {
      caption: enrolments.length > mostShown ? `The ${mostShown} who entered last` : 'Newest first',
      empty: 'Nobody has entered yet.',
      person: (profile) => personLink(view, profile, people),
    })}
    <h2>Definition</h2>
    ${json(flow.definition)}`;
  return { title: flow.name, body };
}

function summary(
  view: View,
  flow: Flow,
  enrolments: readonly EnrolmentItem[],
  names: ReadonlyMap<string, string>,
): Html {
  const count = (status: EnrolmentItem['status']) => enrolments.filter((one) => one.status === status).length;
  const triggers = flow.definition.triggers.map((trigger) => {
    const id = 'id' in trigger ? trigger.id : '';
    return html`${trigger.type} ${name(names.get(id) ?? id)} `;
  });
  return html`${facts([
    ['Status', flow.status],
    ['Trigger', html`${triggers}`],
    ['On the way', String(count('active'))],
    ['Finished', String(count('finished'))],
    ['Left early', String(count('exited'))],
  ])}
  ${actions(view, flow, enrolments)}`;
}

/** The words before a branch, by the name of its link. */
const branches: Readonly<Record<string, string>> = { next_if_true: 'If so', next_if_false: 'If not' };

/** The actions in the order in which people come to them; what branches is indented. */
function actions(view: View, flow: Flow, enrolments: readonly EnrolmentItem[]): Html {
  const byId = new Map(flow.definition.actions.map((action) => [action.id, action]));
  const waiting = Map.groupBy(
    enrolments.filter(({ status }) => status === 'active'),
    ({ step }) => step,
  );
  const shown = new Set<string>();

  function path(start: string | null): Html {
    const items: Html[] = [];
    for (let id = start; id !== null;) {
      const action = byId.get(id);
      if (!action) break;
      if (shown.has(id)) {
        items.push(html`<li>on to <a href="#${anchor(flow, id)}">${name(actionText(action))}</a></li>`);
        break;
      }
      shown.add(id);
      const { next, forks } = onwards(action);
      const inner = forks.map(
        ([words, to]) =>
          html`<p>${words}:</p>
            ${path(to)}`,
      );
      items.push(
        html`<li id="${anchor(flow, id)}">${described(action)}${whoWaits(view, waiting.get(id) ?? [])}${inner}</li>`,
      );
      id = next;
    }
    return items.length === 0
      ? html`<p class="empty">the end</p>`
      : html`<ol class="steps">
          ${items}
        </ol>`;
  }
  return path(flow.definition.entry_action_id);
}

const anchor = (flow: Flow, action: string) => `${flow.id}-${action}`;

/** What follows an action: one way on, or several. */
function onwards(action: Action): { next: string | null; forks: (readonly [string, string | null])[] } {
  if (action.type === 'multi-branch-split') {
    const ways = action.data.branches.map(({ name: branch, branch_id, links }) => [branch ?? branch_id, links.next]);
    return { next: null, forks: ways as [string, string | null][] };
  }
  const { links } = action;
  if ('next' in links) return { next: links.next, forks: [] };
  const ways: [string, string | null][] = Object.entries(links);
  return { next: null, forks: ways.map(([link, to]) => [branches[link] ?? link, to] as const) };
}

function described(action: Action): Html {
  if (action.type !== 'send-email') return html`${name(actionText(action))}`;
  const { data } = action;
  return html`${name(actionText(action))} <small>${data.status}</small>:
    ${name(data.message.subject_line ?? 'no subject')}`;
}

function whoWaits(view: View, enrolments: readonly EnrolmentItem[]): Html {
  if (enrolments.length === 0) return html``;
  const first = enrolments.flatMap(({ due }) => due ?? []).sort()[0];
  const next = first === undefined ? undefined : html`, the next due ${when(view, first)}`;
  return html` <b>${enrolments.length === 1 ? '1 person waits' : `${enrolments.length} people wait`} here</b>${next}`;
}
