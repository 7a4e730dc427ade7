// The seed's own story, told with the official SDK against a running system: only its base URL is changed.
import type { ArrivedEmail } from './inbox.ts';
import { type Shop, type Stage, inSegment, onList, openShop, placeOrder, subscribe } from './shop.ts';

interface Customer {
  name: string;
  email: string;
  id: string;
}

/** Tells the whole story and checks every turn of it; throws at the first thing that is not so. */
export async function tellStory(stage: Stage): Promise<void> {
  const { tell } = stage;
  const shop = await openShop(stage);
  const customers = await welcomeCustomers(stage, shop);
  const [ana, ben, cleo] = customers;
  tell('Ana and Ben subscribe to the newsletter; Cleo does not.');
  await subscribe(shop, [ana, ben]);
  await becomesTrue('Ana and Ben are on the list', async () => (await onList(shop)).length === 2);

  tell('Ben orders for the first time.');
  await order(shop, ben, '1001', 8, ['Decaf Sampler']);
  await moveClock(stage, '2h');
  const early = (await inbox(stage)).length;
  check(early === 1, `Ben's first order brings him the first-order email after an hour (${early} so far)`);
  tell("Then Ana and Cleo order for the first time, and Ben again. The shop sends Cleo's order twice: it counts once.");
  await order(shop, ana, '1002', 31.5, ['Ethiopia Guji', 'V60 Filters']);
  await order(shop, ben, '1003', 24, ['Colombia Huila']);
  await order(shop, cleo, '1004', 12, ['House Blend']);
  await order(shop, cleo, '1004', 12, ['House Blend']);
  await becomesTrue('the segment holds Ana and Ben', async () => sameIds(await inSegment(shop), [ana.id, ben.id]));
  tell('  The segment "Engaged customers" holds Ana and Ben, and not Cleo: she has not subscribed.');

  await moveClock(stage, '30m');
  check((await inbox(stage)).length === early, 'half an hour after the orders nobody has been written to');
  tell('Half an hour later nobody has been written to: the flow waits an hour.');
  await moveClock(stage, '45m');
  checkMessages(stage, await inbox(stage));

  tell('Twenty-nine days pass.');
  await moveClock(stage, '29d');
  check(sameIds(await inSegment(shop), [ana.id, ben.id]), 'after 29 days the segment still holds Ana and Ben');
  tell('  The segment still holds Ana and Ben.');
  tell('Another day passes.');
  await moveClock(stage, '1d');
  check((await inSegment(shop)).length === 0, 'after 30 days the segment is empty');
  tell('  Their orders are thirty days old: the segment has emptied by itself.');
}

async function welcomeCustomers(stage: Stage, { api }: Shop): Promise<[Customer, Customer, Customer]> {
  const join = async (name: string): Promise<Customer> => {
    const email = `${name.toLowerCase()}@beantown.coffee`;
    const attributes = { email, firstName: name, properties: { favourite: { roast: 'light' } } };
    const made = await api.profiles.createProfile({ data: { type: 'profile', attributes } });
    const { id } = made.body.data;
    check(typeof id === 'string', `${name} has a profile`);
    return { name, email, id };
  };
  const people: [Customer, Customer, Customer] = [await join('Ana'), await join('Ben'), await join('Cleo')];
  stage.tell('Ana, Ben and Cleo become customers.');
  return people;
}

const order = ({ api }: Shop, { email }: Customer, orderId: string, value: number, items: string[]) =>
  placeOrder(api.events, { email }, orderId, value, items);

/** The two emails that Ana's and Ben's new orders bring, and Cleo's: each the right one, each once. */
function checkMessages({ tell }: Stage, messages: readonly ArrivedEmail[]): void {
  const to = (name: string) => messages.filter((one) => one.to.startsWith(`${name}@`));
  const [ana, ben, cleo] = [to('ana'), to('ben'), to('cleo')];
  check(ana.length === 1 && ben.length === 2 && cleo.length === 1, 'everyone has one email for each order');
  check(ana[0]?.subject === 'Thank you, Ana', 'Ana is thanked for her first order');
  check(ben[1]?.subject === 'Good to see you again, Ben', 'Ben is greeted as somebody who ordered before');
  check(ana[0].html.includes('<li>Ethiopia Guji</li>'), 'the email lists what Ana ordered');
  check(ben[1].html.includes('Order 1003: Colombia Huila.'), 'the email names what Ben ordered');
  check(ana[0].html.includes('/p/unsubscribe/'), 'the email has a link to unsubscribe');
  tell('The hour is over. In the inbox:');
  for (const { to: address, subject } of messages) tell(`  ${address}: "${subject}"`);
}

const sameIds = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && [...a].sort().every((id, i) => id === [...b].sort()[i]);

async function inbox({ baseUrl }: Stage): Promise<ArrivedEmail[]> {
  const answer = await fetch(`${baseUrl}/x/local/inbox`, { headers: { accept: 'application/json' } });
  const { data } = (await answer.json()) as { data: ArrivedEmail[] };
  return data.filter(({ to }) => !to.startsWith('test-order@'));
}

/** Turns the clock of a system forward, `30d`, and tells what time it is then. */
export async function moveClock({ baseUrl, tell }: Pick<Stage, 'baseUrl' | 'tell'>, advance: string): Promise<void> {
  const answer = await fetch(`${baseUrl}/x/local/clock`, { method: 'POST', body: JSON.stringify({ advance }) });
  if (!answer.ok) throw new Error(`The clock did not move: ${await answer.text()}`);
  const { now } = (await answer.json()) as { now: string };
  tell(`… ${advance} later: ${now}`);
}

/** Waits for what the system brings about by itself; gives up after ten seconds. */
export async function becomesTrue(what: string, holds: () => Promise<boolean>, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not so after ${seconds} seconds: ${what}.`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Not so: ${what}.`);
}
