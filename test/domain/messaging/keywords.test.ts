// What people answer to texts (behaviour 3.7).
import { describe, expect, it } from 'vitest';
import { changeAccount, createAccount } from '../../../shared/domain/account/index.ts';
import { readContact, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { takeFeedback } from '../../../shared/domain/messaging/index.ts';
import { wishIn } from '../../../shared/domain/messaging/keywords.ts';
import { type AccountId, accountId } from '../../../shared/kernel/ids.ts';
import { isoOf, minute, sortable } from '../../../shared/kernel/time.ts';
import { account, setting } from './setting.ts';

const phone = '+14155552671';
const ours = '+12015550100';

async function answered() {
  const { ports, clock } = await setting();
  await changeAccount(ports, account, { smsSenders: { '*': ours } });
  const other = accountId('Oth123');
  await createAccount(ports, { name: 'Other', senderEmail: 'o@other.example', publicId: other });
  await upsertProfile(ports, account, { identifiers: { phone_number: phone }, attributes: {} });
  const says = async (messageBody: string, { to = ours, at = clock.now() } = {}) => {
    const said = { originationNumber: phone, destinationNumber: to, messageBody, inboundMessageId: 'in-1' };
    const Timestamp = isoOf(sortable(at));
    await takeFeedback(ports, { Type: 'Notification', Message: JSON.stringify(said), Timestamp });
  };
  const state = async (of: AccountId = account) => {
    const { item } = await readContact(ports, of, { kind: 'phone_number', value: phone });
    return [item?.consents?.sms?.state, item?.consents?.sms_transactional?.state];
  };
  return { says, state, clock, other };
}

describe('an answer to a text', () => {
  it.each([
    'STOP',
    'stop',
    ' Stop. ',
    'Please STOP texting me',
    'STOPALL',
    'Arrêt',
    'END',
    'quit',
    'Cancel!',
    'opt-out',
  ])('asks to stop: %s', (text) => expect(wishIn(text)).toBe('stop'));
  it.each(['START', 'unstop', 'Yes!', 'y'])('asks to start: %s', (text) => expect(wishIn(text)).toBe('start'));
  it.each(['HELP', 'When does the sale end?', 'nonstop', 'Can I cancel my order?', '', '👍'])(
    'asks for neither: %s',
    (text) => expect(wishIn(text)).toBeUndefined(),
  );

  it('ends consent to texts, and starts it again', async () => {
    const { says, state, clock } = await answered();
    await says('STOP');
    expect(await state()).toEqual(['UNSUBSCRIBED', 'UNSUBSCRIBED']);
    clock.advance(minute);
    await says('Start');
    expect(await state()).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
  });

  it('that comes again late changes nothing that was said since', async () => {
    const { says, state, clock } = await answered();
    const before = clock.now();
    await says('STOP', { at: before });
    clock.advance(minute);
    await says('START');
    clock.advance(minute);
    await says('STOP', { at: before });
    expect(await state()).toEqual(['SUBSCRIBED', 'SUBSCRIBED']);
  });

  it('concerns the accounts that send from the number', async () => {
    const { says, state, other } = await answered();
    await says('STOP');
    expect(await state(other)).toEqual([undefined, undefined]);
  });

  it('to a number that no account names stops all of them, and starts none', async () => {
    const { says, state, clock, other } = await answered();
    await says('STOP', { to: '12345' });
    expect([await state(), await state(other)]).toEqual([
      ['UNSUBSCRIBED', 'UNSUBSCRIBED'],
      ['UNSUBSCRIBED', 'UNSUBSCRIBED'],
    ]);
    clock.advance(minute);
    await says('START', { to: '12345' });
    expect(await state()).toEqual(['UNSUBSCRIBED', 'UNSUBSCRIBED']);
  });
});
