import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { codeOf, codesOf, couponOf } from './coupon-specimens.ts';
import { expectRefused } from './refusals.ts';
import { type Answer, type Stage, openStage } from './stage.ts';

let stage: Stage;
const ids = (answer: Answer) => answer.many.map(({ id }) => id);
const post = (path: string, body: unknown) => stage.send('POST', path, { body });
const get = (path: string) => stage.send('GET', path);
const filtered = (filter: string, rest = '') => get(`/api/coupon-codes?filter=${encodeURIComponent(filter)}${rest}`);

beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

describe('coupons', () => {
  it('are made, read, changed and removed by the SDK, and their codes go after them', async () => {
    const { coupons } = stage.sdk;
    const attributes = {
      externalId: '10OFF',
      description: 'Ten off',
      monitorConfiguration: { low_balance_threshold: 2 },
    };
    const { body } = await coupons.createCoupon({ data: { type: 'coupon', attributes } });
    expect(body.data).toMatchObject({ id: '10OFF', attributes });
    const changed = await coupons.updateCoupon('10OFF', {
      data: { type: 'coupon', id: '10OFF', attributes: { description: null } },
    });
    expect(changed.body.data.attributes).toMatchObject({
      description: null,
      monitorConfiguration: { low_balance_threshold: 2 },
    });
    expect((await coupons.getCoupons()).body.data.map(({ id }) => id)).toEqual(['10OFF']);
    await coupons.createCouponCode({
      data: {
        type: 'coupon-code',
        attributes: { uniqueCode: 'A' },
        relationships: { coupon: { data: { type: 'coupon', id: '10OFF' } } },
      },
    });
    await stage.settle();
    expect((await coupons.getCouponCodesForCoupon('10OFF')).body.data.map(({ id }) => id)).toEqual(['10OFF-A']);
    expect((await coupons.getCouponCodeIdsForCoupon('10OFF')).body.data.map(({ id }) => id)).toEqual(['10OFF-A']);
    await coupons.deleteCoupon('10OFF');
    await stage.advance('10s');
    await expectRefused(stage, () => get('/api/coupons/10OFF'), 404);
    await expectRefused(stage, () => get('/api/coupon-codes/10OFF-A'), 404);
    expect((await stage.items()).filter(({ kind }) => kind.startsWith('coupon-') && kind !== 'coupon-stock')).toEqual(
      [],
    );
  });

  it('have names of their own', async () => {
    await post('/api/coupons', couponOf('TWICE'));
    const again = await expectRefused(stage, () => post('/api/coupons', couponOf('TWICE')), 409);
    expect(again.errors[0]?.source.pointer).toBe('/data/attributes/external_id');
    expect((await get('/api/coupons/TWICE')).one.attributes['external_id']).toBe('TWICE');
    expect((await stage.sdk.coupons.getCoupon('TWICE')).response.status).toBe(200);
  });
});

describe('codes', () => {
  beforeAll(async () => {
    for (const name of ['SALE', 'SALE-X']) await post('/api/coupons', couponOf(name));
  });

  it('are good for a year, or until they say, and lead to their coupon', async () => {
    const { coupons } = stage.sdk;
    const made = await post('/api/coupon-codes', { data: codeOf('SALE', 'ASD') });
    expect(made.status).toBe(200);
    expect(made.one).toMatchObject({ id: 'SALE-ASD', attributes: { unique_code: 'ASD', status: 'UNASSIGNED' } });
    expect(made.one.relationships['coupon']?.data).toEqual({ type: 'coupon', id: 'SALE' });
    const read = await coupons.getCouponCode('SALE-ASD', { include: ['coupon'] });
    expect(read.body.included?.map(({ id }) => id)).toEqual(['SALE']);
    const until = read.body.data.attributes.expiresAt?.getTime() ?? 0;
    const created = (await post('/api/coupon-codes', { data: codeOf('SALE', 'later') })).one.attributes['expires_at'];
    expect(Date.parse(String(created)) - until).toBeLessThan(60_000);
    expect((await coupons.getCouponForCouponCode('SALE-ASD')).response.status).toBe(200);
    expect((await coupons.getCouponIdForCouponCode('SALE-ASD')).body.data?.id).toBe('SALE');
  });

  it('differ by the case of their letters, as coupons do', async () => {
    await post('/api/coupons', couponOf('Sale'));
    for (const [coupon, code] of [
      ['SALE', 'case'],
      ['SALE', 'CASE'],
      ['Sale', 'case'],
    ] as const)
      expect((await post('/api/coupon-codes', { data: codeOf(coupon, code) })).one.id).toBe(`${coupon}-${code}`);
    await expectRefused(stage, () => post('/api/coupon-codes', { data: codeOf('sale', 'case') }), 404);
  });

  it('have ids that no other code has, whatever the coupon is called', async () => {
    expect((await post('/api/coupon-codes', { data: codeOf('SALE', 'X-1') })).status).toBe(200);
    await expectRefused(stage, () => post('/api/coupon-codes', { data: codeOf('SALE-X', '1') }), 409);
  });

  it.each([
    ['no coupon', { relationships: { coupon: {} } }, 400, '/data/relationships/coupon/data'],
    [
      'a time that is over',
      { attributes: { unique_code: 'x', expires_at: '2020-01-01' } },
      400,
      '/data/attributes/expires_at',
    ],
    ['an unknown coupon', codeOf('NOBODY', 'x'), 404, '/data/relationships/coupon/data/id'],
  ])('are refused with %s', async (_, wrong, status, pointer) => {
    const body = { data: { ...codeOf('SALE', 'x'), ...wrong } };
    const answer = await expectRefused(stage, () => post('/api/coupon-codes', body), status);
    expect(answer.errors[0]?.source.pointer).toBe(pointer);
  });

  it('change their status and their end, and go while nobody was given them', async () => {
    const { coupons } = stage.sdk;
    await post('/api/coupon-codes', { data: codeOf('SALE', 'CHANGE') });
    const id = 'SALE-CHANGE';
    const expiresAt = new Date('2098-01-02T03:04:05Z');
    await coupons.updateCouponCode(id, {
      data: { type: 'coupon-code', id, attributes: { status: 'USED', expiresAt } },
    });
    expect((await get(`/api/coupon-codes/${id}`)).one.attributes).toMatchObject({
      status: 'USED',
      expires_at: '2098-01-02T03:04:05+00:00',
    });
    const endless = { data: { type: 'coupon-code', id, attributes: { expires_at: null } } };
    const { one } = await stage.send('PATCH', `/api/coupon-codes/${id}`, { body: endless });
    const fresh = (await post('/api/coupon-codes', { data: codeOf('SALE', 'fresh') })).one;
    const apart = Date.parse(String(one.attributes['expires_at'])) - Date.parse(String(fresh.attributes['expires_at']));
    expect(Math.abs(apart)).toBeLessThan(60_000);
    await coupons.deleteCouponCode(id);
    await expectRefused(stage, () => get(`/api/coupon-codes/${id}`), 404);
    await post('/api/coupon-codes', { data: codeOf('SALE', 'TAKEN') });
    const taken = { data: { type: 'coupon-code', id: 'SALE-TAKEN', attributes: { status: 'ASSIGNED_TO_PROFILE' } } };
    await stage.send('PATCH', '/api/coupon-codes/SALE-TAKEN', { body: taken });
    await expectRefused(stage, () => stage.send('DELETE', '/api/coupon-codes/SALE-TAKEN'), 409);
  });

  it('are listed by coupon, by status and by their end, a page at a time', async () => {
    await post('/api/coupons', couponOf('LIST'));
    const ends = ['2097-01-01', '2097-02-01', '2097-03-01'];
    for (const [i, expires_at] of ends.entries()) {
      await post('/api/coupon-codes', { data: codeOf('LIST', String(i), { expires_at }) });
      await stage.advance('1s');
    }
    await stage.settle();
    const first = await filtered('equals(coupon.id,"LIST")', '&page[size]=2&include=coupon');
    expect([ids(first), first.included.map(({ id }) => id)]).toEqual([['LIST-0', 'LIST-1'], ['LIST']]);
    expect(ids(await get(first.links.next ?? ''))).toEqual(['LIST-2']);
    expect(
      ids(await filtered('any(coupon.id,["LIST","NOBODY"]),greater-or-equal(expires_at,2097-02-01T00:00:00Z)')),
    ).toEqual(['LIST-1', 'LIST-2']);
    expect(ids(await filtered('equals(coupon.id,"LIST"),equals(status,"USED")'))).toEqual([]);
    expect(ids(await filtered('equals(profile.id,"nobody")'))).toEqual([]);
    const bare = await expectRefused(stage, () => filtered('equals(status,"USED")'), 400);
    expect(bare.errors[0]?.source.parameter).toBe('filter');
    expect((await stage.sdk.coupons.getCouponCodes('equals(coupon.id,"LIST")')).body.data).toHaveLength(3);
  });

  it('are made in bulk, and each that is refused says why', async () => {
    const { coupons } = stage.sdk;
    await post('/api/coupons', couponOf('BULK'));
    const row = (uniqueCode: string, id = 'BULK') => ({
      type: 'coupon-code' as const,
      attributes: { uniqueCode },
      relationships: { coupon: { data: { type: 'coupon' as const, id } } },
    });
    const rows = [row('a'), row('b'), row('a'), row('c', 'NOBODY')];
    const asked = await coupons.bulkCreateCouponCodes({
      data: { type: 'coupon-code-bulk-create-job', attributes: { couponCodes: { data: rows } } },
    });
    const { id } = asked.body.data;
    await stage.settle();
    const job = (await coupons.getBulkCreateCouponCodesJob(id, { include: ['coupon-codes'] })).body;
    expect(job.data.attributes).toMatchObject({ status: 'complete', totalCount: 4, completedCount: 2, failedCount: 2 });
    expect(job.data.attributes.errors?.map(({ code, source }) => [code, source.pointer])).toEqual([
      ['conflict', '/data/attributes/coupon-codes/data/2/attributes/unique_code'],
      ['not_found', '/data/attributes/coupon-codes/data/3/relationships/coupon/data/id'],
    ]);
    expect(job.included?.map((one) => one.id).sort()).toEqual(['BULK-a', 'BULK-b']);
    expect((await coupons.getBulkCreateCouponCodeJobs({ filter: 'equals(status,"complete")' })).body.data).toHaveLength(
      1,
    );
  });

  it('are a thousand in one job at most', async () => {
    const rows = Array.from({ length: 1001 }, (_, i) => codeOf('BULK', `row${i}`));
    await expectRefused(stage, () => post('/api/coupon-code-bulk-create-jobs', codesOf(...rows)), 400);
  });
});

it('every operation on coupons was exercised', () => expectExercised(stage, 'coupons'));
