// Local providers report of what they took, as SES and End User Messaging do by way of SNS: all arrives, but for mail to
// the addresses that SES's own simulator answers for.
import { iso } from '../../shared/kernel/time.ts';
import type { Email, Ports, TextMessage } from '../../shared/ports.ts';

const simulated: Readonly<Record<string, object>> = {
  'bounce@simulator.amazonses.com': { eventType: 'Bounce', bounce: { bounceType: 'Permanent' } },
  'complaint@simulator.amazonses.com': { eventType: 'Complaint', complaint: {} },
};

/** The same ports, whose mail and SMS put their reports into the feedback queue. */
export function reporting(ports: Ports): Ports {
  const { mail, sms, clock, queue } = ports;

  /** One that is lost is what a provider may lose too: the message is sent all the same. */
  async function report(event: object): Promise<void> {
    const body = { Type: 'Notification', Message: JSON.stringify(event), Timestamp: iso(clock.now()) };
    await queue.send('feedback', [{ body }]).catch(() => undefined);
  }

  return {
    ...ports,
    mail: {
      async send(email) {
        const taken = await mail.send(email);
        if (Object.keys(email.tags).length > 0) await report(emailEvent(email, taken.id));
        return taken;
      },
    },
    sms: {
      async send(message) {
        const taken = await sms.send(message);
        await report(textEvent(message, taken.id, clock.now()));
        return taken;
      },
    },
  };
}

function emailEvent({ to, tags }: Email, messageId: string): object {
  const lists = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]]));
  const what = Object.hasOwn(simulated, to) ? simulated[to] : { eventType: 'Delivery', delivery: {} };
  return { ...what, mail: { messageId, tags: lists } };
}

const textEvent = ({ tags }: TextMessage, messageId: string, at: number): object => ({
  eventType: 'TEXT_DELIVERED',
  eventTimestamp: at,
  messageId,
  context: tags,
});
