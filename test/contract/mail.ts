import { describe, expect, it } from 'vitest';
import { type Email, HandoverRefused, type Mail } from '../../shared/ports.ts';

/** A mail port with a way to see what it sent, and to make the provider fail. */
export interface MailUnderTest {
  mail: Mail;
  sent: () => Promise<Pick<Email, 'to' | 'subject' | 'html' | 'text' | 'headers' | 'tags'>[]>;
  /** From now on the provider refuses mail to this address. */
  refuse: (address: string) => void;
  /** From now on the provider takes mail to this address, and its answer is lost. */
  lose: (address: string) => void;
}

const email = (to: string): Email => ({
  from: { name: 'Mill "Race" Ünternehmen', address: 'hello@example.com' },
  to,
  subject: 'Grüße 😀',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: { 'List-Unsubscribe': '<https://example.com/u>' },
  tags: { account: 'a1', profile: 'p1', message: 'm1' },
});

/** What every mail adapter must do. `make` gives an empty one. */
export function describeMail(name: string, make: () => Promise<MailUnderTest>): void {
  describe(`the mail port on ${name}`, () => {
    it('hands over an email and answers with an id of its own for each', async () => {
      const { mail, sent } = await make();
      const first = await mail.send(email('one@example.com'));
      const second = await mail.send(email('two@example.com'));
      expect(first.id).not.toBe(second.id);
      expect(await sent()).toMatchObject(
        ['one@example.com', 'two@example.com'].map((to) => {
          const { subject, html, text, headers, tags } = email(to);
          return { to, subject, html, text, headers, tags };
        }),
      );
    });

    it('says when the provider refused, and sends nothing', async () => {
      const { mail, sent, refuse } = await make();
      refuse('bad@example.com');
      await expect(mail.send(email('bad@example.com'))).rejects.toBeInstanceOf(HandoverRefused);
      expect(await sent()).toEqual([]);
    });

    it('does not call a lost answer a refusal', async () => {
      const { mail, lose } = await make();
      lose('slow@example.com');
      await expect(mail.send(email('slow@example.com'))).rejects.not.toBeInstanceOf(HandoverRefused);
    });
  });
}
