// The AWS adapters of bus, schedule and mail against stand-ins that answer as the services do.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { createBus } from '../../shared/adapters/aws/bus.ts';
import { createMail } from '../../shared/adapters/aws/mail.ts';
import { createSchedule } from '../../shared/adapters/aws/schedule.ts';
import { type Instant, second } from '../../shared/kernel/time.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import type { WakeUp } from '../../shared/messages.ts';
import type { Email } from '../../shared/ports.ts';
import { standIn } from '../support/stand-in.ts';
import { describeBus } from './bus.ts';
import { describeMail } from './mail.ts';
import { describeSchedule } from './schedule.ts';

interface Entry {
  DetailType: DomainEvent['type'];
  Detail: string;
}

describeBus('EventBridge (a stand-in)', async () => {
  const entries: Entry[] = [];
  const client = new EventBridgeClient(
    standIn((_, body) => {
      const given = body.Entries as Entry[];
      if (given.length === 0 || given.length > 10) return { status: 400, type: 'ValidationException' };
      entries.push(...given);
      return { status: 200, body: { FailedEntryCount: 0, Entries: given.map(() => ({ EventId: '1' })) } };
    }),
  );
  const published = () =>
    entries.map(({ DetailType, Detail }): DomainEvent => {
      const { account, ...detail } = JSON.parse(Detail) as { account: string };
      return { type: DetailType, account, detail };
    });
  return { bus: createBus({ client, busName: 'bus' }), published: async () => published() };
});

describeSchedule('EventBridge Scheduler (a stand-in)', async () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 30);
  const made = new Map<string, { name: string; at: Instant; payload: WakeUp }>();
  const client = new SchedulerClient(
    standIn(({ path }, body) => {
      const name = path.split('/').at(-1) ?? '';
      const at = Date.parse(`${/^at\((.*)\)$/.exec(String(body.ScheduleExpression))?.[1] ?? ''}Z`);
      if (!(at > now)) return { status: 400, type: 'ValidationException' };
      if (made.has(name)) return { status: 409, type: 'ConflictException' };
      made.set(name, { name, at, payload: JSON.parse((body.Target as { Input: string }).Input) as WakeUp });
      return { status: 200, body: { ScheduleArn: `arn:${name}` } };
    }),
  );
  const arns = { roleArn: 'arn:role', wakeArn: 'arn:wake', deadLettersArn: 'arn:dead' };
  const schedule = createSchedule({ client, clock: { now: () => now }, group: 'group', ...arns });
  return { schedule, now: now - second, pending: async () => [...made.values()] };
});

interface SesBody {
  Destination: { ToAddresses: [string] };
  Content: {
    Simple: {
      Subject: { Data: string };
      Body: { Html: { Data: string }; Text: { Data: string } };
      Headers: { Name: string; Value: string }[];
    };
  };
  EmailTags: { Name: string; Value: string }[];
}

const pairs = (list: readonly { Name: string; Value: string }[]) =>
  Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));

function sentOf({ Destination, Content: { Simple }, EmailTags }: SesBody): Omit<Email, 'from'> {
  return {
    to: Destination.ToAddresses[0],
    subject: Simple.Subject.Data,
    html: Simple.Body.Html.Data,
    text: Simple.Body.Text.Data,
    headers: pairs(Simple.Headers),
    tags: pairs(EmailTags),
  };
}

describeMail('SES (a stand-in)', async () => {
  const sent: Omit<Email, 'from'>[] = [];
  const refused = new Set<string>();
  const lost = new Set<string>();
  const client = new SESv2Client({
    maxAttempts: 1,
    ...standIn((_, body) => {
      const email = sentOf(body as unknown as SesBody);
      if (refused.has(email.to)) return { status: 400, type: 'MessageRejected' };
      sent.push(email);
      if (lost.has(email.to)) throw new Error('The connection broke.');
      return { status: 200, body: { MessageId: `id-${sent.length}` } };
    }),
  });
  return {
    mail: createMail({ client, configurationSet: 'set' }),
    sent: async () => sent,
    refuse: (address) => void refused.add(address),
    lose: (address) => void lost.add(address),
  };
});
