// A campaign to many people, and a catalog that comes in by bulk jobs: how fast, with how many units, and what is left in
// memory. `node --expose-gc test/bench/shop.ts 10000` alone prints it.
import type { Figures, Rows } from './figures.ts';
import { rounded } from './figures.ts';
import { type Document, type Measured, emailOf, measuredSystem } from './system.ts';

const pause = () => new Promise((done) => setTimeout(done, 50));
const mb = (bytes: number) => Math.round(bytes / 1_000_000);

const subscriptionsOf = (emails: readonly string[], list: string) => ({
  data: {
    type: 'profile-subscription-bulk-create-job',
    attributes: {
      profiles: {
        data: emails.map((email) => ({
          type: 'profile',
          attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } } },
        })),
      },
    },
    relationships: { list: { data: { type: 'list', id: list } } },
  },
});

/** A list of so many people who may be mailed; at rest. */
async function audience(system: Measured, size: number): Promise<string> {
  const { data } = await system.call('POST', '/api/lists', {
    data: { type: 'list', attributes: { name: 'Everyone', opt_in_process: 'single_opt_in' } },
  });
  for (let from = 0; from < size; from += 1000) {
    const emails = Array.from({ length: Math.min(1000, size - from) }, (_, at) => emailOf(from + at));
    await system.call('POST', '/api/profile-subscription-bulk-create-jobs', subscriptionsOf(emails, data.id));
    await system.world.settle();
  }
  return data.id;
}

async function draft({ call }: Measured, list: string): Promise<string> {
  const definition = { channel: 'email', content: { subject: 'Spring' } };
  const { data } = await call('POST', '/api/campaigns', {
    data: {
      type: 'campaign',
      attributes: {
        name: 'Spring',
        audiences: { included: [list] },
        'campaign-messages': { data: [{ type: 'campaign-message', attributes: { definition } }] },
      },
    },
  });
  const messages = (await call('GET', `/api/campaigns/${data.id}/campaign-messages`)) as unknown as {
    data: Document['data'][];
  };
  const html = '<p>Hello {{ first_name|default:"friend" }}. {% unsubscribe %}</p>';
  const template = await call('POST', '/api/templates', {
    data: { type: 'template', attributes: { name: 'T', editor_type: 'CODE', html } },
  });
  await call('POST', '/api/campaign-message-assign-template', {
    data: {
      type: 'campaign-message',
      id: messages.data[0]?.id,
      relationships: { template: { data: { type: 'template', id: template.data.id } } },
    },
  });
  return data.id;
}

/** One campaign to `size` people, from the first message that is due to the last outcome. */
async function campaignTo(size: number): Promise<Figures> {
  const system = await measuredSystem();
  const id = await draft(system, await audience(system, size));
  await system.world.settle();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const began = performance.now();
  let sending = began;
  let cpu = process.cpuUsage();
  const units = await system.units(async () => {
    await system.call('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
    system.world.run();
    for (let open = size; open > 0;) {
      await pause();
      const { attributes: now } = (await system.call('GET', `/x/campaigns/${id}/progress`)).data;
      if (now['status'] !== 'Sending') {
        sending = performance.now();
        cpu = process.cpuUsage();
      }
      open = now['status'] === 'Sending' ? Number(now['waiting']) + Number(now['queued']) : size;
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }
  });
  const ended = performance.now();
  const { user, system: kernel } = process.cpuUsage(cpu);
  const reading = await system.units(() => system.call('GET', `/x/campaigns/${id}/progress`));
  await system.world.stop();
  globalThis.gc?.();
  return {
    claims_per_second: Math.round(size / ((ended - sending) / 1000)),
    core_us_per_claim: Math.round((user + kernel) / size),
    seconds_to_snapshot: rounded((sending - began) / 1000),
    write_units: rounded(units.write / size),
    read_units: rounded(units.read / size),
    progress_read_units: reading.read,
    heap_before_mb: mb(before),
    heap_peak_mb: mb(peak),
    heap_kept_mb: mb(process.memoryUsage().heapUsed),
  };
}

const rowsOf = (from: number) => ({
  data: {
    type: 'catalog-item-bulk-create-job',
    attributes: {
      items: {
        data: Array.from({ length: 100 }, (_, at) => ({
          type: 'catalog-item',
          attributes: {
            external_id: `item-${from + at}`,
            title: `Item ${from + at}`,
            description: 'Very fine indeed. '.repeat(10),
            url: `https://shop.example/${from + at}`,
            price: 9.5,
          },
        })),
      },
    },
  },
});

/** `size` items by jobs of a hundred, from the first request to the end of the last job. */
async function catalogOf(size: number): Promise<Figures> {
  const system = await measuredSystem();
  system.world.run();
  const began = performance.now();
  let handled = 0;
  const units = await system.units(async () => {
    for (let from = 0; from < size; from += 100) {
      await system.call('POST', '/api/catalog-item-bulk-create-jobs', rowsOf(from));
      // At most 500 jobs may be in progress.
      if (from % 10_000 === 9_900) await system.world.settle();
    }
    await system.world.settle();
    handled = performance.now() - began;
  });
  await system.world.stop();
  return { items_per_second: Math.round(size / (handled / 1000)), write_units: rounded(units.write / size) };
}

const documentOf = (size: number, price: number) =>
  JSON.stringify(
    Array.from({ length: size }, (_, at) => ({
      id: `item-${at}`,
      title: `Item ${at}`,
      link: `https://shop.example/${at}`,
      description: 'Very fine indeed. '.repeat(10),
      price: at % 100 === 0 ? price : 9.5,
    })),
  );

/** A feed of `size` items: the first pull, one that finds nothing new, one that finds a hundredth changed. */
async function feedOf(size: number): Promise<Figures> {
  const system = await measuredSystem();
  const url = 'https://shop.example/feed';
  let price = 9.5;
  system.world.http.answer(url, () => ({ status: 200, headers: {}, body: Buffer.from(documentOf(size, price)) }));
  const timed = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    const units = await system.units(async () => {
      await work();
      await system.world.settle();
    });
    return { rate: Math.round(size / ((performance.now() - began) / 1000)), units: rounded(units.write / size) };
  };
  let id = '';
  const told = { type: 'catalog-feed', attributes: { name: 'All', url } };
  const first = await timed(async () => {
    id = (await system.call('POST', '/x/catalog-feeds', { data: told })).data.id;
  });
  const run = () =>
    system.call('POST', `/x/catalog-feeds/${id}/run`, { data: { type: 'catalog-feed-run', attributes: {} } });
  const same = await timed(run);
  price = 8.5;
  const some = await timed(run);
  return {
    new_per_second: first.rate,
    new_write_units: first.units,
    same_per_second: same.rate,
    same_write_units: same.units,
    hundredth_per_second: some.rate,
  };
}

export interface Shop {
  campaigns: Rows;
  catalogs: Rows;
  feeds: Rows;
}

/** Campaigns to so many recipients, and catalogs of so many items. */
export async function shop(recipients: readonly number[], items: number): Promise<Shop> {
  const campaigns: Record<string, Figures> = {};
  for (const size of recipients) campaigns[`${size.toLocaleString('en')} recipients`] = await campaignTo(size);
  const named = `${items.toLocaleString('en')} items`;
  return {
    campaigns,
    catalogs: items > 0 ? { [named]: await catalogOf(items) } : {},
    feeds: items > 0 ? { [named]: await feedOf(items) } : {},
  };
}

if (import.meta.filename === process.argv[1]) {
  const [, , recipients = '10000', items = '0'] = process.argv;
  console.log(JSON.stringify(await shop(recipients.split(',').map(Number).filter(Boolean), Number(items)), null, 2));
}
