import { describe, expect, it } from 'vitest';
import { createCategory } from '../../../shared/domain/catalog/category.ts';
import { createItem, createVariant } from '../../../shared/domain/catalog/sold.ts';
import { createCode } from '../../../shared/domain/coupons/codes.ts';
import { createCoupon } from '../../../shared/domain/coupons/coupon.ts';
import { createFeed } from '../../../shared/domain/webfeeds/feed.ts';
import { withdrawEmail } from '../../../shared/domain/consent/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { CouponCodeItem, CouponGrantItem } from '../../../shared/storage/items.ts';
import type { Store } from '../../../shared/storage/store.ts';
import { type Setting, account, address, setting } from './setting.ts';

const id = (external: string) => `$custom:::$default:::${external}`;

/** A shop with a shoe (sold in red, on sale) and a hidden hat, and a coupon with `codes` codes; its template is `html`. */
async function shop(html: string, codes = 2): Promise<Setting> {
  const s = await setting(html);
  const { ports } = s;
  const told = { description: '', url: 'https://shop.example/x' };
  await createItem(ports, account, {
    type: 'catalog-item',
    attributes: { ...told, external_id: 'shoe', title: 'Shoe', price: 12.5, custom_metadata: { fabric: 'wool' } },
  });
  await createItem(ports, account, {
    type: 'catalog-item',
    attributes: { ...told, external_id: 'hat', title: 'Hat', published: false },
  });
  await createVariant(ports, account, {
    type: 'catalog-variant',
    attributes: { ...told, external_id: 'red', title: 'Red shoe', price: 13, sku: 'R', inventory_quantity: 1 },
    relationships: { item: { data: { type: 'catalog-item', id: id('shoe') } } },
  });
  await createCategory(ports, account, {
    type: 'catalog-category',
    attributes: { external_id: 'c', name: 'Summer sale' },
    relationships: { items: { data: [{ type: 'catalog-item', id: id('shoe') }] } },
  });
  await createCoupon(ports, account, { external_id: 'Ten' });
  for (let i = 0; i < codes; i += 1) {
    const coupon = { data: { type: 'coupon' as const, id: 'Ten' } };
    const attributes = { unique_code: `code-${i}` };
    await createCode(ports, account, { attributes, relationships: { coupon } });
  }
  return s;
}

/** Sends the template once; what went out, or the reason why not. */
async function outcome(s: Setting): Promise<string> {
  const message = await s.queue();
  await s.send(message, { smartSending: false });
  const item = await s.read(message);
  return item.status === 'SENT' ? (s.mail.inbox.at(-1)?.html ?? '') : (item.reason ?? item.status);
}

const found = <T>(s: Setting, kind: string) => s.store.dump().filter((item) => item.kind === kind) as unknown as T[];
const taken = (s: Setting) =>
  found<CouponCodeItem>(s, 'coupon-code').filter(({ status }) => status === 'ASSIGNED_TO_PROFILE');

describe('a catalog lookup', () => {
  it('shows a variant that is out of stock as its inventory policy says', async () => {
    for (const [policy, shown] of [
      [0, 'Sold out'],
      [1, 'Red shoe'],
      [2, 'Sold out'],
    ] as const) {
      const s = await shop("{% catalog 'boot' %}{{ catalog_item.variant.title }}{% endcatalog %}");
      const told = { description: '', url: 'https://shop.example/x' };
      const attributes = { ...told, external_id: 'boot', title: 'Boot' };
      await createItem(s.ports, account, { type: 'catalog-item', attributes });
      const relationships = { item: { data: { type: 'catalog-item' as const, id: id('boot') } } };
      const variant = (external_id: string, title: string, inventory_policy: 0 | 1 | 2) => ({
        type: 'catalog-variant' as const,
        attributes: {
          ...told,
          external_id,
          title,
          price: 1,
          sku: external_id,
          inventory_quantity: 0,
          inventory_policy,
        },
        relationships,
      });
      await createVariant(s.ports, account, variant('old', 'Sold out', policy));
      s.clock.advance(1000);
      await createVariant(s.ports, account, variant('new', 'Red shoe', 0));
      expect(await outcome(s)).toContain(shown);
    }
  });

  it('shows the item, its variant, its metadata and whether a category has it', async () => {
    const s = await shop(
      "{% catalog 'shoe' %}{{ catalog_item.title }} {{ catalog_item.metadata.price }} {{ catalog_item.metadata.fabric }} " +
        "{{ catalog_item.variant.title }}{% has_category catalog_item 'sale' as sale %} {{ sale }}{% endcatalog %}",
    );
    expect(await outcome(s)).toContain('Shoe 12.5 wool Red shoe True');
  });

  it('may depend on another one', async () => {
    const s = await shop(
      "{% catalog 'shoe' %}{% if catalog_item.metadata.fabric == 'wool' %}{% catalog 'hat' %}{{ catalog_item.title }}{% endcatalog %}{% endif %}{% endcatalog %}",
    );
    expect(await outcome(s)).toContain('Hat');
  });

  it.each([
    ["{% catalog 'boot' %}x{% endcatalog %}", 'an item that is not there'],
    ['{% catalog event.product %}x{% endcatalog %}', 'an id that is not there'],
    ["{% catalog 'hat' unpublished='cancel' %}x{% endcatalog %}", 'an unpublished one that is not wanted'],
    ["{% catalog 'shoe' %}{% endcatalog %}{% coupon_code 'Ten' %}{% catalog 'boot' %}{% endcatalog %}", 'and a coupon'],
  ])('skips the message and takes no code: %s (%s)', async (html) => {
    const s = await shop(html);
    expect(await outcome(s)).toBe('Catalog Item Unavailable');
    expect(taken(s)).toEqual([]);
  });

  it('shows an unpublished item where that is not forbidden', async () => {
    expect(await outcome(await shop("{% catalog 'hat' %}{{ catalog_item.title }}{% endcatalog %}"))).toContain('Hat');
  });

  it('sends nothing when the template asks for more and more', async () => {
    const many = Array.from({ length: 101 }, (_, i) => `{% catalog ${i} %}{% endcatalog %}`);
    expect(await outcome(await shop(many.join('')))).toBe('Unable to Send Email');
  });
});

describe('a coupon in a message', () => {
  it('is one code for the message, wherever it stands', async () => {
    const s = await shop("<p>{% coupon_code 'Ten' %}</p><i>{% coupon_code 'Ten' %}</i>");
    const html = await outcome(s);
    const [, first, second] = /<p>(code-\d)<\/p><i>(code-\d)<\/i>/.exec(html) ?? [];
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(taken(s).map(({ code }) => code)).toEqual([first]);
  });

  it('is another code for the next message, until there are none', async () => {
    const s = await shop("{% coupon_code 'Ten' %}");
    const outcomes = [await outcome(s), await outcome(s), await outcome(s)];
    expect(new Set(outcomes).size).toBe(3);
    expect(outcomes[2]).toBe('No More Uploaded Coupons Remain');
    expect(found<CouponGrantItem>(s, 'coupon-grant')).toHaveLength(2);
  });

  it('that does not exist skips the message', async () => {
    expect(await outcome(await shop("{% coupon_code 'Twenty' %}"))).toBe("Coupon Code Doesn't Exist");
  });

  it('is not taken when the person gets no message anyway', async () => {
    const s = await shop("{% coupon_code 'Ten' %}");
    await withdrawEmail(s.ports, account, { address, at: s.clock.now(), how: { method: 'PREFERENCE_PAGE' } });
    expect(await outcome(s)).toBe('Person Suppressed');
    expect(taken(s)).toEqual([]);
  });

  it('is taken once, wherever the sending breaks off and begins again', async () => {
    for (let call = 0; ; call += 1) {
      const s = await shop("{% coupon_code 'Ten' %}");
      const message = await s.queue();
      const broken = breaking(s.ports, call);
      await s.send(message, {}, s.profile, broken.ports).catch(() => undefined);
      await s.send(message);
      expect(taken(s)).toHaveLength(1);
      expect(s.mail.inbox.length).toBeLessThanOrEqual(1);
      if (s.mail.inbox[0]) expect(s.mail.inbox[0].html).toContain(taken(s)[0]?.code);
      if (!broken.broke()) break;
    }
  });

  it('shows the same code in the subject and in the body', async () => {
    const s = await shop("{% coupon_code 'Ten' %}");
    const message = await s.queue();
    await s.send(message, { subject: "{% coupon_code 'Ten' %}", smartSending: false });
    const [sent] = s.mail.inbox;
    expect(sent?.html).toContain(sent?.subject);
    expect(taken(s)).toHaveLength(1);
  });
});

describe('a web feed in a message', () => {
  const withFeed = async (html: string) => {
    const s = await shop(html);
    const url = 'https://shop.example/news';
    await createFeed(s.ports, account, { name: 'news', url, request_method: 'get', content_type: 'json' });
    const says = (body: string | undefined) =>
      s.http.answer(url, () =>
        body === undefined ? undefined : { status: 200, headers: {}, body: Buffer.from(body) },
      );
    return { ...s, says };
  };

  it('is shown by its name, fetched once for all', async () => {
    const s = await withFeed(
      "{% for one in feeds.news %}[{{ one.title }}]{% endfor %}{{ feeds|lookup:'news'|length }}",
    );
    s.says('[{"title":"<A>"},{"title":"B"}]');
    for (let n = 0; n < 3; n += 1) expect(await outcome(s)).toContain('[&lt;A&gt;][B]2');
    expect(s.http.calls).toHaveLength(1);
  });

  it('that gives nothing, or is none, is the reason why nothing is sent', async () => {
    const s = await withFeed('{{ feeds.news.title }}');
    s.says(undefined);
    expect(await outcome(s)).toBe('Error Retrieving External Data');
    expect(await outcome(await shop('{{ feeds.other }}'))).toBe('Error Retrieving External Data');
  });
});

/** The same ports, whose store fails once: after its call number `call` was done. */
function breaking(ports: Ports, call: number): { ports: Ports; broke: () => boolean } {
  let count = 0;
  const then = <T>(result: T): T => {
    count += 1;
    if (count === call + 1) throw new Error('power cut');
    return result;
  };
  const { store } = ports;
  const watched: Store = {
    get: async (...args) => then(await store.get(...args)),
    getMany: async (...args) => then(await store.getMany(...args)),
    query: async (...args) => then(await store.query(...args)),
    write: async (...args) => then(await store.write(...args)),
    writeMany: async (...args) => then(await store.writeMany(...args)),
    transact: async (...args) => then(await store.transact(...args)),
  };
  return { ports: { ...ports, store: watched }, broke: () => count > call };
}
