import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { describeBus } from './bus.ts';
import { describeFiles } from './files.ts';
import { describeMail } from './mail.ts';
import { describePush } from './push.ts';
import { describeSms } from './sms.ts';
import { describeQueue } from './queue.ts';
import { describeSchedule } from './schedule.ts';

describeQueue('memory', async () => {
  const { queue, clock } = memoryPorts();
  return {
    queue,
    async take() {
      const bodies: string[] = [];
      for (let some = queue.receive('feedback', 10); some.length > 0; some = queue.receive('feedback', 10)) {
        bodies.push(...some.map((message) => message.body));
        const receipts = some.map((message) => message.receipt);
        queue.remove('feedback', receipts);
      }
      return bodies;
    },
    advance: async (seconds) => clock.advance(seconds * 1000),
  };
});

describeSchedule('memory', async () => {
  const { schedule, clock } = memoryPorts();
  return { schedule, now: clock.now(), pending: async () => schedule.pending() };
});

describeBus('memory', async () => {
  const { bus } = memoryPorts();
  return { bus, published: async () => [...bus.published] };
});

describeFiles('memory', async () => memoryPorts().files);

describeMail('memory', async () => {
  const { mail } = memoryPorts();
  return {
    mail,
    sent: async () => [...mail.inbox],
    refuse: (address) => mail.fail(address, 'refuse'),
    lose: (address) => mail.fail(address, 'lose'),
  };
});

describeSms('memory', async () => {
  const { sms } = memoryPorts();
  return { sms, sent: async () => [...sms.inbox], fail: (to, how) => sms.fail(to, how) };
});

describePush('memory', async () => {
  const { push } = memoryPorts();
  return {
    push,
    pushed: async () =>
      push.inbox.flatMap(({ devices, title, body, data }) =>
        devices.map(({ token }) => ({ token, title, body, data })),
      ),
    kill: (token) => push.kill(token),
    postpone: (token) => push.fail(token, 'postpone'),
  };
});
