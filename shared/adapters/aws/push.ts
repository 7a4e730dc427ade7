import { CreatePlatformEndpointCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { HandoverPostponed, HandoverRefused, type Push, type PushDevice, type PushMessage } from '../../ports.ts';
import { type Pause, handOver } from './hand-over.ts';

/**
 * SNS mobile push behind the push port: an endpoint for each token (made once, the same at every call), one publication
 * to each. The client must not retry by itself.
 */
export function createPush(options: { client: SNSClient; pause?: Pause }): Push {
  const { client, pause } = options;

  async function sendTo({ application, token, platform }: PushDevice, message: PushMessage): Promise<string> {
    const made = await handOver(
      () => client.send(new CreatePlatformEndpointCommand({ PlatformApplicationArn: application, Token: token })),
      pause,
    );
    const publication = new PublishCommand({
      TargetArn: made.EndpointArn,
      MessageStructure: 'json',
      Message: JSON.stringify(payloads[platform](message)),
    });
    const answer = await handOver(() => client.send(publication), pause);
    if (answer.MessageId === undefined) throw new Error('SNS answered without a message id.');
    return answer.MessageId;
  }

  return {
    async send(message) {
      const answers = await Promise.allSettled(message.devices.map((device) => sendTo(device, message)));
      const taken = answers.find((answer) => answer.status === 'fulfilled');
      const failures: unknown[] = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [answer.reason as unknown] : [],
      );
      const gone = message.devices.filter((_, place) => isGone(answers[place])).map(({ token }) => token);
      if (taken) return { id: taken.value, gone };
      const failure = worst(failures);
      throw failure instanceof HandoverRefused ? new HandoverRefused(failure.message, gone) : failure;
    },
  };
}

/** Of several failures the one that promises least: a lost answer, then a not now, then a no. */
function worst(failures: readonly unknown[]): unknown {
  return (
    failures.find((error) => !(error instanceof HandoverRefused) && !(error instanceof HandoverPostponed)) ??
    failures.find((error) => error instanceof HandoverPostponed) ??
    failures[0] ??
    new HandoverRefused('The message names no device.')
  );
}

/** SNS disables the endpoint of a token that the platform no longer knows. */
const isGone = (answer: PromiseSettledResult<string> | undefined) =>
  answer?.status === 'rejected' &&
  answer.reason instanceof HandoverRefused &&
  answer.reason.message.startsWith('EndpointDisabled');

/** The same message in the words of each platform, as SNS carries them: a JSON text for each. */
const payloads: Readonly<Record<PushDevice['platform'], (message: PushMessage) => Record<string, string>>> = {
  ios: ({ title, body, data }) => {
    const notification = JSON.stringify({ aps: { alert: { title, body }, sound: 'default' }, ...data });
    return { default: body, APNS: notification, APNS_SANDBOX: notification };
  },
  android: ({ title, body, data }) => ({
    default: body,
    GCM: JSON.stringify({ fcmV1Message: { message: { notification: { title, body }, data } } }),
  }),
};
