// Turns about what people want: to be forgotten, to be asked before they are written to; and what a second account does.
import { day, hour } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import type { Person } from './oracle.ts';
import * as ask from './requests.ts';
import type { Dice } from './streams.ts';
import {
  askToConfirm,
  back,
  idOf,
  job,
  listed,
  mailsOf,
  refuse,
  type Run,
  happen,
  imported,
  changed,
  joined,
} from './workload.ts';

const path = '/api/data-privacy-deletion-jobs';

/** Somebody is forgotten, by any of their names; or an address that nobody has, of which something may be under way. */
export async function forgotten(run: Run, d: Dice): Promise<void> {
  const { oracle, world } = run;
  if (d.chance(0.15)) return forgetAddress(run, `s${d.upTo(3)}@example.org`);
  const person = d.oneOf(oracle.people);
  if (!person) return;
  const { email, phone_number } = person.identifiers;
  const id = idOf(run, person);
  const names = [
    id !== undefined && { id },
    email !== undefined && { email },
    phone_number !== undefined && { phone_number },
  ];
  const name = d.oneOf(names.filter((one) => one !== false));
  // An import that is under way may make them yet: they are named by what it knows.
  const named = id === undefined && email !== undefined ? { email } : name;
  if (named === undefined) return;
  noteWork(run, id);
  if (email !== undefined && run.busy()) run.vague.add(email);
  const { status } = await run.call('POST', path, ask.deletion(named));
  if (status !== 202) refuse(`a deletion answered ${status}`, 'I11');
  const at = world.clock.now();
  oracle.forget(person, at);
  if (email !== undefined) run.words.push({ email, at, granted: false, gone: true });
}

function noteWork(run: Run, id: string | undefined): void {
  if (run.busy()) run.note('somebody was forgotten while work was under way');
  const waits = itemsOf(run.world).some(
    (item) => item.kind === 'enrolment' && item.profile === id && item.status === 'active',
  );
  if (waits) run.note('somebody was forgotten who waited in a flow');
}

async function forgetAddress(run: Run, email: string): Promise<void> {
  const person = run.oracle.strongest({ email });
  if (person) return;
  const { status } = await run.call('POST', path, ask.deletion({ email }));
  if (status !== 202) refuse(`a deletion answered ${status}`, 'I11');
  run.oracle.forgetName('email', email, run.world.clock.now());
}

/** Somebody clicks the link of a confirmation, maybe too late, maybe again. */
export async function confirmed(run: Run, d: Dice): Promise<void> {
  const { world, oracle } = run;
  const mail = d.oneOf(mailsOf(run).filter(({ tags }) => tags['contact'] !== undefined));
  const [, link] = /https?:\/\/[^/\s]+(\/p\/confirm\/\S+)/.exec(mail?.text ?? '') ?? [];
  if (!mail || link === undefined) return askSomebody(run, d);
  const { contact = '', message: list = '' } = mail.tags;
  const waiting = itemsOf(world).find(
    (item) => item.kind === 'opt-in' && item.pk.endsWith(`#${contact}`) && item.sk.endsWith(`#${list}`),
  );
  const isOpen = waiting?.kind === 'opt-in' && waiting.confirmed === undefined;
  // Of somebody who was forgotten since they were asked it counts no more, though it is there until it is erased (seed 1061 of 500
  // operations).
  const isOver = isOpen && Date.parse(waiting.told ?? waiting.requested) <= oracle.forgottenAt({ email: mail.to });
  const waits = isOpen && !isOver;
  const { status, text } = await run.page(link);
  const at = world.clock.now();
  const isDone = text.includes('is confirmed');
  if (status !== (isDone ? 200 : 410)) refuse(`a confirmation answered ${status}`);
  if (at >= mail.at + 3 * day) run.note('a confirmation came too late');
  if (isDone && (!waiting || isOver || at >= mail.at + 3 * day))
    refuse(`a link confirmed what does not wait: ${mail.to}`, 'I5');
  if (!isDone && waits && at < mail.at + 2 * day) refuse(`a link does not confirm: ${mail.to}`);
  if (!isDone || !waits) return;
  run.note('somebody confirmed');
  const person = back(run, oracle.told({ email: mail.to }));
  oracle.consented(person, 'SUBSCRIBED', at);
  run.words.push({ email: mail.to, at: run.turnAt - 1, granted: true });
  if (oracle.lists.has(list)) listed(run, person, list, true, false);
}

async function askSomebody(run: Run, d: Dice): Promise<void> {
  const list = d.oneOf([...run.oracle.doubleLists]);
  if (list !== undefined) await askToConfirm(run, d, `p${d.upTo(8)}@example.org`, list);
}

/** People of a pool of their own are imported in bulk: what is told of them at any time adds up, unless they are forgotten. */
export async function importedMany(run: Run, d: Dice): Promise<void> {
  const rows = Array.from({ length: 1 + d.upTo(3) }, () => {
    const secret = run.secret();
    return { email: `q${d.upTo(3)}@example.org`, properties: { [secret]: secret } };
  });
  const { status } = await run.call('POST', '/api/profile-bulk-import-jobs', ask.imports(rows));
  if (status !== 202) refuse(`an import answered ${status}`);
  for (const { email, properties } of rows) back(run, run.oracle.told({ email }, properties));
}

/** Days go by, now and then: each brings its sweeps. */
export async function daysPass({ world }: Run, { chance }: Dice): Promise<void> {
  await world.advance(chance(0.3) ? 3 * day + hour : hour);
}

const rivals: readonly ((run: Run, d: Dice) => Promise<void>)[] = [
  imported,
  changed,
  (run, d) => happen(run, d, false),
  (run, d) => job(run, d, true),
  (run, d) => job(run, d, false),
  (run, d) => joined(run, d, true),
  forgotten,
  confirmed,
  importedMany,
  trespass,
];

/** The second account does what the first does, with the same people; or tries what is the first one's. */
export async function rivalled(run: Run, d: Dice): Promise<void> {
  const { rival } = run;
  if (!rival) return;
  rival.turnAt = run.turnAt;
  await d.oneOf(rivals)?.(rival, d);
}

/** I12: what is another account's answers as what is not there. */
async function trespass(run: Run, d: Dice): Promise<void> {
  const { first } = run;
  if (!first) return;
  const theirs: Person | undefined = d.oneOf(first.oracle.people);
  const id = theirs && idOf(first, theirs);
  const list = d.oneOf([...first.oracle.lists]);
  const [own] = run.oracle.lists;
  if (id === undefined || list === undefined || own === undefined) return;
  const tries: [string, string, object?][] = [
    ['GET', `/api/profiles/${id}`],
    ['PATCH', `/api/profiles/${id}`, ask.profile({ first_name: 'Mine' }, id)],
    ['GET', `/x/profiles/${id}/export`],
    ['GET', `/api/lists/${list}/profiles`],
    ['DELETE', `/api/lists/${list}`],
    ['POST', `/api/lists/${list}/relationships/profiles`, ask.members(id)],
    ['POST', '/api/profile-subscription-bulk-delete-jobs', ask.unsubscription(['p0@example.org'], list)],
    ['POST', '/api/profile-merge', ask.merge(id, id.replace(/.$/, '0'))],
  ];
  const [method, target, body] = d.oneOf(tries) ?? refuse('nothing to try');
  const { status } = await run.call(method, target, body);
  if (status !== 404) refuse(`${method} ${target} of another account answered ${status}`, 'I12');
  const forget = await run.call('POST', path, ask.deletion({ id }));
  if (forget.status !== 202) refuse(`a deletion answered ${forget.status}`, 'I12');
  // By the oracle of the first account: nothing of it happened.
  run.note('an account tried what is another’s');
}
