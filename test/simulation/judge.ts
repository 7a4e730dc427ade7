// What is looked at when a world has come to rest.
import type { World } from '../../functions/local/world.ts';
import { minute } from '../../shared/kernel/time.ts';
import type { QueueName } from '../../shared/messages.ts';
import { queues } from '../../shared/topology.ts';
import { differences } from './agreement.ts';
import { brokenCampaigns } from './campaign-invariants.ts';
import { brokenIn, givenUpIn, itemsOf } from './invariants.ts';
import { idOf, membership, type Run } from './workload.ts';

export const queueNames = Object.keys(queues) as QueueName[];

const isHeld = (world: World) => queueNames.some((name) => world.queue.size(name) > 0);

/** Everything that can be looked at in a world at rest. */
export async function look(run: Run): Promise<string[]> {
  const { world, oracle } = run;
  // What falls due within this minute is on its way already.
  for (let minutes = 0; minutes < 5 && isHeld(world); minutes += 1) await world.advance(minute);
  // Who came first is told by the table, where the oracle cannot know.
  const members = new Set(
    itemsOf(world).flatMap((item) => (item.kind === 'list-member' ? `${item.group} ${item.profile}` : [])),
  );
  for (const list of oracle.lists) {
    for (const person of oracle.people) {
      if (!run.unsure.has(membership(person, list))) continue;
      if (members.has(`${list} ${idOf(run, person) ?? ''}`)) person.lists.add(list);
      else person.lists.delete(list);
    }
  }
  return [
    ...brokenIn(world),
    ...brokenCampaigns(itemsOf(world)),
    ...givenUpIn(world, ['wake']),
    ...(await differences(run, oracle)),
    ...unwanted(run),
  ];
}

/** Nothing is handed over after a withdrawal on a page, unless a grant came after it. */
function unwanted({ world, words }: Run): string[] {
  return world.inbox.flatMap(({ to, at }) => {
    const last = words.findLast((word) => word.email === to && word.at < at);
    return last?.granted === false
      ? [`I4 consent: ${to} was written to at ${at} after a withdrawal at ${last.at}`]
      : [];
  });
}
