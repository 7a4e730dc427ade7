import { describe, expect, it } from 'vitest';
import { HandoverPostponed, HandoverRefused, type Sms, type TextMessage } from '../../shared/ports.ts';

/** An SMS port with a way to see what it sent, and to make the provider fail. */
export interface SmsUnderTest {
  sms: Sms;
  sent: () => Promise<TextMessage[]>;
  /** From now on the provider refuses or postpones texts to this number, or takes them and its answer is lost. */
  fail: (to: string, how: 'refuse' | 'postpone' | 'lose') => void;
}

const text = (to: string, transactional = false): TextMessage => ({
  ...{ from: '+12015550100', to, body: 'Grüße 😀\nReply STOP', transactional },
  tags: { account: 'a1', profile: 'p1', message: 'm1' },
});

/** What every SMS adapter must do. `make` gives an empty one. */
export function describeSms(name: string, make: () => Promise<SmsUnderTest>): void {
  describe(`the sms port on ${name}`, () => {
    it('hands over a text as it is and answers with an id of its own for each', async () => {
      const { sms, sent } = await make();
      const first = await sms.send(text('+12125550101'));
      const second = await sms.send(text('+12125550102', true));
      expect(first.id).not.toBe(second.id);
      expect(await sent()).toMatchObject([text('+12125550101'), text('+12125550102', true)]);
    });

    it.each([
      ['refuse', HandoverRefused],
      ['postpone', HandoverPostponed],
    ] as const)('says when the provider %ss, and sends nothing', async (how, failure) => {
      const { sms, sent, fail } = await make();
      fail('+12125550103', how);
      await expect(sms.send(text('+12125550103'))).rejects.toBeInstanceOf(failure);
      expect(await sent()).toEqual([]);
    });

    it('does not call a lost answer a refusal, and sends once', async () => {
      const { sms, sent, fail } = await make();
      fail('+12125550104', 'lose');
      const failure: unknown = await sms.send(text('+12125550104')).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toBeInstanceOf(HandoverRefused);
      expect(failure).not.toBeInstanceOf(HandoverPostponed);
      expect(await sent()).toHaveLength(1);
    });
  });
}
