// AWS End User Messaging: takes text messages of the template's configuration sets, keeps them, and reports them.
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { MemorySms } from '../../shared/adapters/memory/sms.ts';
import type { Clock } from '../../shared/ports.ts';
import { arnOf } from './names.ts';
import type { Deployed } from './template.ts';
import type { PublishTo } from './topics.ts';
import { AwsError, bodyOf, json, type Service, unknownOperation } from './wire.ts';

const sending = z.object({
  OriginationIdentity: z.string(),
  DestinationPhoneNumber: z.string(),
  MessageBody: z.string(),
  MessageType: z.enum(['TRANSACTIONAL', 'PROMOTIONAL']),
  ConfigurationSetName: z.string(),
  Context: z._default(z.record(z.string(), z.string()), {}),
});
type Sending = z.infer<typeof sending>;

const destination = z.object({
  EventDestinations: z.array(z.object({ SnsDestination: z.object({ TopicArn: z.string() }) })),
});

const setArn = (name: string) => arnOf('sms-voice', `configuration-set/${name}`);

/** What a number, a pool or a sender id is called in policies. */
const senderArn = (identity: string) =>
  identity.startsWith('arn:') ? identity : arnOf('sms-voice', `phone-number/${identity}`);

/** The configuration sets of the template. */
export function createTexts(options: { deployed: Deployed; clock: Clock; publish: PublishTo }): {
  service: Service;
  inbox: MemorySms['inbox'];
} {
  const { deployed, clock, publish } = options;
  const inbox: MemorySms['inbox'][number][] = [];
  const sets = new Map(
    deployed
      .ofType('AWS::SMSVOICE::ConfigurationSet')
      .map(({ ref, properties }) => [ref, destination.parse(properties).EventDestinations] as const),
  );

  function send(input: Sending): string {
    const destinations = sets.get(input.ConfigurationSetName);
    if (!destinations) throw new AwsError('ResourceNotFoundException', 'The configuration set does not exist.');
    const { OriginationIdentity: from, DestinationPhoneNumber: to, MessageBody: body, Context: tags } = input;
    const id = randomUUID();
    const at = clock.now();
    inbox.push({ id, at, from, to, body, tags, transactional: input.MessageType === 'TRANSACTIONAL' });
    const event = {
      eventType: 'TEXT_DELIVERED',
      eventTimestamp: at,
      isFinal: true,
      originationPhoneNumber: from,
      destinationPhoneNumber: to,
      messageId: id,
      messageStatus: 'DELIVERED',
      context: tags,
    };
    const by = { service: 'sms-voice.amazonaws.com', from: setArn(input.ConfigurationSetName) };
    for (const { SnsDestination } of destinations) publish(SnsDestination.TopicArn, by, JSON.stringify(event));
    return id;
  }

  return {
    inbox,
    service: {
      acts(request) {
        const input = sending.parse(bodyOf(request));
        const action = `sms-voice:${request.operation}`;
        return [
          { action, resource: senderArn(input.OriginationIdentity) },
          { action, resource: setArn(input.ConfigurationSetName) },
        ];
      },
      answer(request) {
        if (request.operation !== 'SendTextMessage') throw unknownOperation('End User Messaging', request.operation);
        return json({ MessageId: send(sending.parse(bodyOf(request))) });
      },
    },
  };
}
