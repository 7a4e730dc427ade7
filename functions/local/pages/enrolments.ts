import type { Flow } from '../../../shared/domain/flows/index.ts';
import type { EnrolmentItem } from '../../../shared/storage/items.ts';
import { type Html, html, name } from './html.ts';
import { actionIn, flowLink } from './names.ts';
import { table } from './table.ts';
import { type View, when } from './view.ts';

/** Where someone stands in a flow: before which action and until when, or how it ended. */
export function standing(view: View, enrolment: EnrolmentItem, flow: Flow | undefined): Html {
  const { status, reason, step, due } = enrolment;
  if (status !== 'active' || step === undefined)
    return html`${status}${reason === undefined ? undefined : html`: ${name(reason)}`}`;
  const until = due === undefined ? html` now` : html` ${when(view, due)}`;
  return html`next: ${actionIn(flow, step)}${until}`;
}

/** Enrolments newest first; the person of each stands in the first cell where `person` gives it, else the flow. */
export function flowTable(
  view: View,
  enrolments: readonly EnrolmentItem[],
  flows: ReadonlyMap<string, Flow>,
  texts: { caption: string; empty: string; person?: (id: string) => Html },
): Html {
  const { caption, empty, person } = texts;
  const sorted = [...enrolments].sort((a, b) => (a.entered < b.entered ? 1 : -1));
  const rows = sorted.map((one) => [
    person ? person(one.profile) : flowLink(view, one.flow, flows),
    standing(view, one, flows.get(one.flow)),
    when(view, one.entered),
  ]);
  return table({ caption, columns: [person ? 'Person' : 'Flow', 'Stands', 'Entered'], rows, empty });
}
