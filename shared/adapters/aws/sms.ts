import { type PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import type { Sms } from '../../ports.ts';
import { type Pause, handOver } from './hand-over.ts';

/** AWS End User Messaging behind the SMS port. The client must not retry by itself: a lost answer may hide a message that left. */
export function createSms(options: { client: PinpointSMSVoiceV2Client; configurationSet: string; pause?: Pause }): Sms {
  const { client, configurationSet, pause } = options;
  return {
    async send({ from, to, body, transactional, tags }) {
      const command = new SendTextMessageCommand({
        OriginationIdentity: from,
        DestinationPhoneNumber: to,
        MessageBody: body,
        MessageType: transactional ? 'TRANSACTIONAL' : 'PROMOTIONAL',
        ConfigurationSetName: configurationSet,
        // Comes back in the events of the configuration set.
        Context: { ...tags },
      });
      const answer = await handOver(() => client.send(command), pause);
      if (answer.MessageId === undefined) throw new Error('End User Messaging answered without a message id.');
      return { id: answer.MessageId };
    },
  };
}
