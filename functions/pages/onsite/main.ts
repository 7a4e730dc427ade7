// The script of a page: takes over the calls that were queued before it came, then answers them as they come.
import { remember } from './cookie.ts';
import { methods, track } from './methods.ts';
import { isNewSession } from './session.ts';

type Callback = (answer: unknown) => void;
interface Queue {
  push: (...calls: readonly unknown[]) => Promise<unknown>;
}
/** Where pages queue: `klaviyo` the object of today, the others arrays until the script comes. */
type Global = 'klaviyo' | '_klOnsite' | '_learnq';
const page = window as unknown as Record<Global, unknown>;

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

/** Calls a method; a function behind its arguments gets the answer too. */
async function call(name: string, args: readonly unknown[]): Promise<unknown> {
  const method = methods.get(name);
  if (method === undefined) console.warn(`klaviyo: there is no method ${name}`);
  const callback = args.at(-1);
  const answer = await method?.(...(isCallback(callback) ? args.slice(0, -1) : args));
  if (isCallback(callback)) callback(answer);
  return answer;
}

/** One queued call: `[method, ...arguments]`, or a function. What it throws holds up none of the others. */
async function run(queued: unknown): Promise<unknown> {
  if (isCallback(queued)) return queued(undefined);
  const [name, ...args] = Array.isArray(queued) ? (queued as readonly unknown[]) : [];
  return call(String(name), args);
}

async function push(...calls: readonly unknown[]): Promise<unknown> {
  const answers = await Promise.all(calls.map(run));
  return answers.at(-1);
}

/** The queue of that name from now on; what waited in it is run. */
function takeOver(name: Global, queue: Queue): void {
  const waiting = page[name];
  page[name] = queue;
  if (Array.isArray(waiting)) void push(...(waiting as readonly unknown[]));
}

function start(): void {
  const url = new URL(location.href);
  const token = url.searchParams.get('_kx');
  if (token !== null && token !== '') remember({ _kx: token });
  url.searchParams.delete('_kx');
  if (isNewSession()) void track('Active on Site', { page: url.href });
  const named = [...methods.keys()].map((name) => [name, (...args: readonly unknown[]) => call(name, args)]);
  takeOver('klaviyo', { ...(Object.fromEntries(named) as object), push });
  takeOver('_klOnsite', { push });
  takeOver('_learnq', { push });
}

start();
