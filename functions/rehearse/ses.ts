// SES v2: takes emails of the template's identities, keeps them, and reports them as the configuration set says.
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Sent } from '../../shared/adapters/memory/index.ts';
import { iso } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import { arnOf } from './names.ts';
import type { Deployed } from './template.ts';
import type { PublishTo } from './topics.ts';
import { AwsError, type AwsRequest, bodyOf, json, type Service, unknownOperation } from './wire.ts';

const text = z.object({ Data: z.string() });
const pairs = z._default(z.array(z.object({ Name: z.string(), Value: z.string() })), []);
const sending = z.object({
  FromEmailAddress: z.string(),
  Destination: z.object({
    ToAddresses: z.array(z.string()),
    CcAddresses: z.optional(z.array(z.string())),
    BccAddresses: z.optional(z.array(z.string())),
  }),
  ReplyToAddresses: z.optional(z.array(z.string())),
  ConfigurationSetName: z.string(),
  EmailTags: pairs,
  Content: z.object({
    Simple: z.object({ Subject: text, Body: z.object({ Html: text, Text: text }), Headers: pairs }),
  }),
});
type Sending = z.infer<typeof sending>;

const destination = z.object({
  ConfigurationSetName: z.string(),
  EventDestination: z.object({
    Enabled: z.boolean(),
    MatchingEventTypes: z.array(z.string()),
    SnsDestination: z.object({ TopicARN: z.string() }),
  }),
});

/** What becomes of mail to SES's own test addresses, with a label (`bounce+one@…`) or without; all other mail is delivered. */
const simulated: Readonly<Record<string, { type: string; detail: Readonly<Record<string, unknown>> }>> = {
  'bounce@simulator.amazonses.com': { type: 'Bounce', detail: { bounce: { bounceType: 'Permanent' } } },
  'complaint@simulator.amazonses.com': { type: 'Complaint', detail: { complaint: {} } },
};

export interface Mailbox {
  service: Service;
  inbox: readonly Sent[];
}

/** The template's identities and configuration sets. `publish` tells a topic. */
export function createMailbox(options: { deployed: Deployed; clock: Clock; publish: PublishTo }): Mailbox {
  const { deployed, clock, publish } = options;
  const inbox: Sent[] = [];
  const identities = new Set(deployed.ofType('AWS::SES::EmailIdentity').map(({ ref }) => ref));
  const sets = new Set(deployed.ofType('AWS::SES::ConfigurationSet').map(({ ref }) => ref));
  const destinations = deployed
    .ofType('AWS::SES::ConfigurationSetEventDestination')
    .map(({ properties }) => destination.parse(properties));

  /** Tells the topics of the configuration set; each hands it on to its queues. */
  function report(email: Sent, set: string, type: string, detail: Readonly<Record<string, unknown>> = {}): void {
    const at = iso(clock.now());
    const tags = Object.fromEntries(Object.entries(email.tags).map(([name, value]) => [name, [value]]));
    const event = {
      eventType: type,
      mail: { timestamp: at, messageId: email.id, destination: [email.to], tags },
      ...detail,
    };
    const wanted = type.charAt(0).toLowerCase() + type.slice(1);
    for (const { ConfigurationSetName, EventDestination } of destinations) {
      if (ConfigurationSetName !== set || !EventDestination.Enabled) continue;
      if (!EventDestination.MatchingEventTypes.includes(wanted)) continue;
      const by = { service: 'ses.amazonaws.com', from: setArn(set) };
      publish(EventDestination.SnsDestination.TopicARN, by, JSON.stringify(event));
    }
  }

  function send(input: Sending): string {
    const { domain } = senderOf(input);
    if (!identities.has(domain)) throw new AwsError('MessageRejected', `Email address is not verified: ${domain}.`);
    if (!sets.has(input.ConfigurationSetName))
      throw new AwsError('NotFoundException', `Configuration set <${input.ConfigurationSetName}> does not exist.`, 404);
    const email = emailOf(input, clock.now());
    inbox.push(email);
    const outcome = simulated[email.to.replace(/\+[^@]*@/, '@')] ?? { type: 'Delivery', detail: { delivery: {} } };
    report(email, input.ConfigurationSetName, 'Send', { send: {} });
    report(email, input.ConfigurationSetName, outcome.type, outcome.detail);
    return email.id;
  }

  return {
    inbox,
    service: {
      acts(request) {
        const input = inputOf(request);
        return [
          { action: 'ses:SendEmail', resource: arnOf('ses', `identity/${senderOf(input).domain}`) },
          { action: 'ses:SendEmail', resource: setArn(input.ConfigurationSetName) },
        ];
      },
      answer: (request) => json({ MessageId: send(inputOf(request)) }),
    },
  };
}

const setArn = (name: string) => arnOf('ses', `configuration-set/${name}`);

function inputOf(request: AwsRequest): Sending {
  if (request.method !== 'POST' || request.target !== '/v2/email/outbound-emails')
    throw unknownOperation('SES', `${request.method} ${request.target}`);
  return sending.parse(bodyOf(request));
}

/** `"Name" <address>`, taken apart. */
function senderOf({ FromEmailAddress }: Sending): { name: string; address: string; domain: string } {
  const [, quoted = '', address = ''] = /^(.*?)\s*<([^<>]+)>$/.exec(FromEmailAddress) ?? [];
  const name = quoted.replace(/^"(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1');
  return { name, address, domain: address.split('@').at(-1) ?? '' };
}

function emailOf(input: Sending, at: number): Sent {
  const { name, address } = senderOf(input);
  const { Subject, Body, Headers } = input.Content.Simple;
  const record = (list: readonly { Name: string; Value: string }[]) =>
    Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
  return {
    id: randomUUID(),
    at,
    from: { name, address },
    to: input.Destination.ToAddresses[0] ?? '',
    ...(input.Destination.CcAddresses?.[0] !== undefined && { cc: input.Destination.CcAddresses[0] }),
    ...(input.Destination.BccAddresses?.[0] !== undefined && { bcc: input.Destination.BccAddresses[0] }),
    ...(input.ReplyToAddresses?.[0] !== undefined && { replyTo: input.ReplyToAddresses[0] }),
    subject: Subject.Data,
    html: Body.Html.Data,
    text: Body.Text.Data,
    headers: record(Headers),
    tags: record(input.EmailTags),
  };
}
