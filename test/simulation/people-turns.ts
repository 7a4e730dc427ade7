// Turns about who is who: two people become one, and everybody is walked through while that goes on.
import { second } from '../../shared/kernel/time.ts';
import { indexLagSeconds } from '../../shared/storage/table.ts';
import { itemsOf } from './invariants.ts';
import type { Person } from './oracle.ts';
import * as ask from './requests.ts';
import type { Dice } from './streams.ts';
import { idOf, imported, membership, refuse, type Run } from './workload.ts';

const held = ({ identifiers }: Person) => Object.keys(identifiers);

/** Merges two who hold nothing of the same kind, somebody who waits in a flow if there is one; what becomes of two addresses is the scenarios' matter. */
export async function merged(run: Run, d: Dice): Promise<void> {
  const { oracle, world } = run;
  const into = d.oneOf(oracle.people);
  const others = oracle.people.filter((one) => into && held(one).every((kind) => !held(into).includes(kind)));
  const active = itemsOf(world).flatMap((item) =>
    item.kind === 'enrolment' && item.status === 'active' ? item.profile : [],
  );
  const waiting = others.filter((one) => active.includes(idOf(run, one) ?? ''));
  const from = d.oneOf(waiting.length > 0 ? waiting : others);
  const [destination, source] = [into && idOf(run, into), from && idOf(run, from)];
  if (!into || !from || destination === undefined || source === undefined) return;
  if (run.busy()) run.note('people were merged while work was under way');
  if (active.includes(source)) run.note('somebody was merged who waited in a flow');
  const { status } = await run.call('POST', '/api/profile-merge', ask.merge(destination, source));
  if (status !== 201) refuse(`a merge answered ${status}`, 'I9');
  // A job that was told of either may yet come.
  for (const list of oracle.lists)
    if (run.busy() || run.unsure.has(membership(from, list))) run.unsure.add(membership(into, list));
  oracle.merge(into, from);
}

const profilesOf = ({ world, account }: Run) =>
  new Set(
    itemsOf(world).flatMap((item) => (item.kind === 'profile' && item.pk.startsWith(`${account}#`) ? [item.id] : [])),
  );

/** I14: a walk shows whoever was there throughout, once, and nobody who never was. */
export async function walked(run: Run, d: Dice): Promise<void> {
  const before = profilesOf(run);
  // Whoever has just been made is in no listing yet.
  run.world.clock.advance(indexLagSeconds * second);
  const seen: string[] = [];
  let pages = 0;
  for (let at: string | undefined = '/api/profiles?page[size]=3'; at !== undefined; pages += 1) {
    const page: Awaited<ReturnType<Run['call']>> = await run.call('GET', at);
    if (page.status !== 200) refuse(`a page of profiles answered ${page.status}`, 'I14');
    seen.push(...page.many.map(({ id }) => id));
    at = page.next;
    if (pages === 0) await imported(run, d);
    if (pages === 1) await run.world.settle();
  }
  const after = profilesOf(run);
  if (before.size !== after.size && pages > 1) run.note('a collection changed while it was walked');
  if (new Set(seen).size !== seen.length) refuse(`a walk shows somebody twice: ${seen.join()}`, 'I14');
  for (const id of before) if (after.has(id) && !seen.includes(id)) refuse(`a walk left out ${id}`, 'I14');
  for (const id of seen) if (!before.has(id) && !after.has(id)) refuse(`a walk shows ${id}, who never was`, 'I14');
}
