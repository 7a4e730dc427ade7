// Confirmation messages are claimed, handed over and settled as others are.
import { describe, expect, it } from 'vitest';
import { awaitConfirmation } from '../../../shared/domain/consent/opt-in.ts';
import { suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { contactKeyOf, forgetNamed, readContact } from '../../../shared/domain/identity/index.ts';
import {
  claimLasts,
  deliverConfirmation,
  expireConfirmation,
  takeFeedback,
} from '../../../shared/domain/messaging/index.ts';
import { day, minute } from '../../../shared/kernel/time.ts';
import { anyList, contactHashOf, optInKey } from '../../../shared/storage/patterns.ts';
import { account, setting } from './setting.ts';

const address = 'new@people.example';
const how = { method: 'API' };

async function asked() {
  const made = await setting();
  const { ports } = made;
  const person = { email: address, words: [{ kind: 'email' as const }] };
  await awaitConfirmation(ports, account, {
    address,
    list: undefined,
    told: ports.clock.now(),
    person,
    words: person.words,
    customSource: null,
    byVisitor: false,
  });
  const contact = await contactKeyOf(ports, account, { kind: 'email', value: address });
  const name = { account, contact: contactHashOf(contact), message: anyList };
  const item = async () => ports.store.get(optInKey(contact, anyList));
  return { ...made, name, item, send: () => deliverConfirmation(ports, name) };
}

describe('a confirmation message', () => {
  it('goes out once, however often its delivery comes', async () => {
    const { send, mail, item } = await asked();
    await Promise.all([send(), send()]);
    await send();
    expect(mail.inbox).toMatchObject([{ to: address, from: { name: 'Shop & Co', address: 'shop@shop.example' } }]);
    expect(mail.inbox[0]?.html).toContain('Shop &amp; Co');
    expect(await item()).toMatchObject({ status: 'SENT' });
  });

  it('whose answer is lost is not sent again', async () => {
    const { send, mail, item, clock, ports, name } = await asked();
    mail.fail(address, 'lose');
    await send();
    expect((await item())?.status).toBe('CLAIMED');
    clock.advance(claimLasts);
    await expireConfirmation(ports, name);
    expect((await item())?.status).toBe('UNKNOWN');
    mail.fail(address);
    await send();
    expect(mail.inbox).toHaveLength(1);
  });

  it('that the provider postpones goes out when there is room', async () => {
    const { send, mail, item, store, clock } = await asked();
    mail.fail(address, 'postpone');
    await send();
    expect(await item()).toMatchObject({ status: 'QUEUED' });
    expect(
      store
        .dump()
        .filter(({ kind }) => kind === 'due')
        .map((due) => JSON.stringify(due)),
    ).toContainEqual(expect.stringContaining('\\"type\\":\\"confirm\\"'));
    mail.fail(address);
    await send();
    expect((await item())?.status).toBe('QUEUED');
    clock.advance(minute);
    await send();
    expect((await item())?.status).toBe('SENT');
  });

  it('is not sent to an address that bounced; who unsubscribed is asked', async () => {
    const bounced = await asked();
    const at = bounced.clock.now();
    await suppressEmail(bounced.ports, account, { address, reason: 'HARD_BOUNCE', at, how });
    await bounced.send();
    expect(bounced.mail.inbox).toEqual([]);
    expect(await bounced.item()).toMatchObject({ status: 'SKIPPED', reason: 'Person Suppressed' });
    const left = await asked();
    await withdrawEmail(left.ports, account, { address, at, how });
    await left.send();
    expect(left.mail.inbox).toHaveLength(1);
  });

  it('that bounces suppresses the address', async () => {
    const { send, mail, ports, name } = await asked();
    await send();
    const tags = Object.fromEntries(Object.entries(mail.inbox[0]!.tags).map(([key, value]) => [key, [value]]));
    expect(tags).toEqual({ account: [account], contact: [name.contact], message: [anyList] });
    await takeFeedback(ports, {
      eventType: 'Bounce',
      mail: { messageId: 'x', tags },
      bounce: { bounceType: 'Permanent' },
    });
    const { item } = await readContact(ports, account, { kind: 'email', value: address });
    expect(item?.suppressions).toMatchObject([{ reason: 'HARD_BOUNCE' }]);
  });

  it('that bounces when nobody waits for it any more suppresses the address that it names by its hash, and no other', async () => {
    const { send, ports, name, store, clock } = await asked();
    await send();
    clock.advance(4 * day);
    await forgetNamed(ports, account, { kind: 'email', value: address });
    await store.write({
      remove: optInKey(await contactKeyOf(ports, account, { kind: 'email', value: address }), anyList),
    });
    const bounced = (to: string, of: string = account) =>
      takeFeedback(ports, {
        ...{ eventType: 'Bounce', bounce: { bounceType: 'Permanent' } },
        mail: {
          messageId: 'x',
          destination: [to],
          tags: { account: [of], contact: [name.contact], message: [anyList] },
        },
      });
    const of = async (value: string) => (await readContact(ports, account, { kind: 'email', value })).item;
    await bounced('other@people.example');
    await bounced(address, 'Nobody');
    expect(await of(address)).toBeUndefined();
    await bounced(address);
    expect((await of(address))?.suppressions).toMatchObject([{ reason: 'HARD_BOUNCE' }]);
    expect(await of('other@people.example')).toBeUndefined();
  });
});
