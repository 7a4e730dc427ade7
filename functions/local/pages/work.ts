// What waits, what is under way, and what was given up.
import { instantOf, minuteOf, startOfMinute } from '../../../shared/kernel/time.ts';
import type { QueueName } from '../../../shared/messages.ts';
import type { DueItem } from '../../../shared/storage/items.ts';
import { queues } from '../../../shared/topology.ts';
import { type Html, html, json } from './html.ts';
import { peopleById, personLink } from './names.ts';
import { table } from './table.ts';
import { type Page, type View, at, href, itemsOf, when } from './view.ts';

export const queueNames = Object.keys(queues) as QueueName[];

export async function workPage(view: View): Promise<Page> {
  const body = html`<h2>Queues</h2>
    ${queueTable(view)} ${queueNames.map((queue) => deadLetters(view, queue))}
    <h2>Due work</h2>
    ${await dueTable(view)}
    <h2>Schedules</h2>
    ${scheduleTable(view)}
    <h2>Given up</h2>
    ${givenUpTable(view)}`;
  return { title: 'Work', body };
}

function queueTable(view: View): Html {
  const { queue } = view.system.world;
  const rows = queueNames.map((name) => {
    const { waiting, delayed, inFlight } = queue.counts(name);
    const next = queue.dueAt(name);
    const dead = queue.deadLetters(name).length;
    return [
      html`${name}`,
      html`${waiting}`,
      html`${delayed}`,
      html`${inFlight}`,
      next === undefined ? html`–` : when(view, next),
      dead === 0 ? html`0` : html`<a class="bad" href="#dead-${name}">${dead}</a>`,
    ];
  });
  return table({
    caption: 'All accounts together; what is in flight is being worked on, or failed and comes again',
    columns: ['Queue', 'Waiting', 'Delayed', 'In flight', 'Next', 'Dead letters'],
    rows,
    empty: '',
  });
}

const mostLetters = 20;

function deadLetters(view: View, queue: QueueName): Html {
  const letters = view.system.world.deadLetters(queue);
  if (letters.length === 0) return html``;
  const rows = letters
    .slice(0, mostLetters)
    .map(({ body, sentAt, receives }) => [json(parsed(body)), when(view, sentAt), html`${receives}`]);
  return html`<section id="dead-${queue}">
    <h3>Dead letters of ${queue}</h3>
    <p>${queues[queue].onDeadLetters}</p>
    <form class="row" action="${at('forms', 'redrive')}" method="post">
      <input type="hidden" name="back" value="${href(view, at('work'))}" />
      <button name="queue" value="${queue}">
        Put ${letters.length === 1 ? 'it' : `all ${letters.length}`} back into ${queue}
      </button>
    </form>
    ${table({ caption: letters.length > mostLetters ? `The first ${mostLetters} of ${letters.length}` : 'Oldest first', columns: ['Message', 'Sent', 'Tries'], rows, empty: '' })}
  </section>`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const mostRows = 100;
/** Says so where not all rows are shown. */
const cut = (count: number) => (count > mostRows ? `; the first ${mostRows} of ${count}` : '');
const mostPeople = 5;

/** The items of each minute that has due work, the next first. */
async function dueTable(view: View): Promise<Html> {
  const minutes = Map.groupBy(itemsOf(view, 'due'), ({ at: time }) => minuteOf(instantOf(time)));
  const next = [...minutes].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, mostRows);
  const waking = new Set(view.system.world.schedule.pending().map(({ payload }) => JSON.stringify(payload)));
  const whom = next.map(([, items]) => [...new Set(items.flatMap(profileIn))]);
  const people = await peopleById(
    view,
    whom.flatMap((ids) => ids.slice(0, mostPeople)),
  );
  const rows = next.map(([minute, items], i) => {
    const ids = whom[i] ?? [];
    const more = ids.length > mostPeople ? html`and ${ids.length - mostPeople} more` : undefined;
    return [
      when(view, startOfMinute(minute)),
      ...(['flows', 'messages', 'segments'] as const).map(
        (queue) => html`${items.filter((item) => item.queue === queue).length}`,
      ),
      html`${ids.slice(0, mostPeople).map((id) => html`${personLink(view, id, people)} `)}${more}`,
      html`${waking.has(JSON.stringify({ account: view.account, minute })) ? 'set' : 'has run'}`,
    ];
  });
  return table({
    caption: `By the minute, the next first${cut(minutes.size)}`,
    columns: ['Minute', 'Flows', 'Messages', 'Segments', 'People', 'Schedule'],
    rows,
    empty: 'Nothing waits for its time.',
  });
}

function profileIn({ message }: DueItem): string[] {
  const { profile } = JSON.parse(message) as { profile?: unknown };
  return typeof profile === 'string' ? [profile] : [];
}

function scheduleTable(view: View): Html {
  const pending = view.system.world.schedule.pending();
  const rows = pending.slice(0, mostRows).map(({ name, at: time }) => [html`<code>${name}</code>`, when(view, time)]);
  return table({
    caption: `All accounts together, the next first${cut(pending.length)}`,
    columns: ['Schedule', 'Wakes'],
    rows,
    empty: 'None is set.',
  });
}

function givenUpTable(view: View): Html {
  const rows = view.system.world.givenUp
    .toReversed()
    .slice(0, mostRows)
    .map(({ function: by, at: time, work }) => [html`${by}`, when(view, time), json(work)]);
  return table({
    caption: `Stream records and wake-ups that failed to the last try, newest first${cut(view.system.world.givenUp.length)}`,
    columns: ['Function', 'When', 'Work'],
    rows,
    empty: 'Nothing was given up.',
  });
}
