// The canonical scenarios in which somebody is forgotten while other work about them is under way.
import { minute, second } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import { living } from './oracle.ts';
import * as ask from './requests.ts';
import { bounceOf, flow, list, rest, type Scenario, scenario, type Stage, subscribe } from './scenarios.ts';

const ana = 'ana@example.org';
const phone_number = '+14155552671';
const canary = 'canary-of-ana';

/** Ana, of whom there is something of everything, and Ben. */
async function anaAndBen(stage: Stage): Promise<void> {
  await flow(stage, 2);
  const news = await list(stage);
  await subscribe(stage, [ana], news);
  await stage.make('POST', '/api/profile-import', ask.profile({ email: ana, phone_number, properties: { canary } }));
  stage.oracle.told({ email: ana, phone_number }, { canary });
  await stage.make('POST', '/api/profile-import', ask.profile({ email: 'ben@example.org', external_id: 'ben' }));
  stage.oracle.told({ email: 'ben@example.org', external_id: 'ben' });
  await rest(stage);
  await stage.happens({ email: ana }, { unique_id: 'waits' });
  await rest(stage);
}

async function forget(stage: Stage): Promise<void> {
  const { status } = await stage.call('POST', '/api/data-privacy-deletion-jobs', ask.deletion({ email: ana }));
  if (status !== 202) throw new Error(`A deletion was answered with ${status}.`);
}

/** The oracle's Ana is gone; what is told of her afterwards is of somebody new. */
function anaIsGone({ oracle, world }: Stage): void {
  const person = oracle.strongest({ email: ana });
  if (person) oracle.forget(living(person), world.clock.now());
}

/** No item and no file has a byte of her, and nobody else has what was hers. */
function nothingLeft(stage: Stage, ...marks: string[]): string[] {
  const text = JSON.stringify([itemsOf(stage.world), [...stage.world.files.entries]]);
  return marks.filter((mark) => text.includes(mark)).map((mark) => `I11 ${mark} is still there`);
}

export const forgetting: Record<string, Scenario> = {
  'an import of many races the deletion of one of its people': scenario({
    prepare: anaAndBen,
    act: async (stage) => {
      // Accepted before: hers alone, and what would give Ben what was hers.
      const rows = [
        { email: ana, properties: { note: canary } },
        { external_id: 'ben', phone_number },
        { email: 'cleo@example.org' },
      ];
      await stage.make('POST', '/api/profile-bulk-import-jobs', ask.imports(rows));
      stage.oracle.told({ email: 'cleo@example.org' });
      await forget(stage);
      anaIsGone(stage);
    },
    follow: 4 * minute,
    expect: (stage) => nothingLeft(stage, ana, canary, phone_number),
  }),

  'the import of a person races their deletion': scenario({
    prepare: anaAndBen,
    act: async (stage) => {
      const fresh = ask.profile({ email: ana, properties: { plan: 'pro' } });
      await Promise.all([forget(stage), stage.make('POST', '/api/profile-import', fresh)]);
      anaIsGone(stage);
      // Whichever came last: then there is nobody, or somebody new.
      const { many } = await stage.call('GET', `/api/profiles?filter=equals(email,"${ana}")`);
      if (many.length > 0) stage.oracle.told({ email: ana }, { plan: 'pro' });
    },
    follow: 4 * minute,
    expect: (stage) => nothingLeft(stage, canary, phone_number),
  }),

  'a late event, an unsubscribe and a confirmation race a deletion': scenario({
    prepare: async (stage) => {
      await anaAndBen(stage);
      const id = await stage.make('POST', '/api/lists', ask.list('Double', 'double_opt_in'));
      stage.oracle.lists.add(id);
      await stage.make('POST', '/api/profile-subscription-bulk-create-jobs', ask.subscription([ana], id));
      await rest(stage);
    },
    act: async (stage) => {
      const time = new Date(stage.world.clock.now() - minute).toISOString();
      const late = ask.event(
        { email: ana },
        { metric: 'Order', unique_id: 'late', time, properties: { note: canary } },
      );
      await stage.make('POST', '/api/profile-subscription-bulk-delete-jobs', ask.unsubscription([ana]));
      await Promise.all([forget(stage), stage.call('POST', '/api/events', late)]);
      anaIsGone(stage);
      const { text = '' } = stage.world.inbox.findLast(({ tags }) => tags['contact'] !== undefined) ?? {};
      const [, link = ''] = /https?:\/\/[^/\s]+(\/p\/confirm\/\S+)/.exec(text) ?? [];
      const page = await stage.page(link);
      if (page.status !== 410) throw new Error(`The link of a forgotten person answered ${page.status}.`);
    },
    follow: 4 * minute + second,
    expect: (stage) => nothingLeft(stage, ana, canary, phone_number),
  }),

  'a message bounces while its person is forgotten': scenario({
    prepare: async (stage) => {
      await flow(stage, 0);
      await stage.happens({ email: ana }, { unique_id: '1' });
      await rest(stage);
    },
    act: async (stage) => {
      const report = [{ body: bounceOf(stage) }];
      await Promise.all([forget(stage), stage.world.ports.queue.send('feedback', report)]);
      anaIsGone(stage);
    },
    follow: 4 * minute,
    expect: (stage) => {
      const known = itemsOf(stage.world).flatMap((item) => (item.kind === 'contact' ? item.suppressions : []));
      const reasons = known.map(({ reason }) => reason).join();
      return [...nothingLeft(stage, ana), ...(reasons === 'HARD_BOUNCE' ? [] : [`I5 suppressed for ${reasons}`])];
    },
  }),
};
