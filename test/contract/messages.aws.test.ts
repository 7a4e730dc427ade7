// The AWS adapters of SMS and push against stand-ins that answer as End User Messaging and SNS do.
import { Readable } from 'node:stream';
import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SNSClient } from '@aws-sdk/client-sns';
import { createPush } from '../../shared/adapters/aws/push.ts';
import { createSms } from '../../shared/adapters/aws/sms.ts';
import type { TextMessage } from '../../shared/ports.ts';
import { type SdkRequest, standIn } from '../support/stand-in.ts';
import { describePush, type Pushed } from './push.ts';
import { describeSms } from './sms.ts';

const atOnce = () => Promise.resolve();

interface SmsBody {
  OriginationIdentity: string;
  DestinationPhoneNumber: string;
  MessageBody: string;
  MessageType: string;
  Context: Record<string, string>;
}

describeSms('End User Messaging (a stand-in)', async () => {
  const sent: TextMessage[] = [];
  const failing = new Map<string, string>();
  const client = new PinpointSMSVoiceV2Client({
    maxAttempts: 1,
    ...standIn((_, body) => {
      const { OriginationIdentity: from, DestinationPhoneNumber: to, ...rest } = body as unknown as SmsBody;
      const how = failing.get(to);
      if (how === 'refuse') return { status: 400, type: 'ValidationException' };
      if (how === 'postpone') return { status: 400, type: 'ThrottlingException' };
      const { MessageBody, MessageType, Context: tags } = rest;
      sent.push({ from, to, body: MessageBody, transactional: MessageType === 'TRANSACTIONAL', tags });
      if (how === 'lose') throw new Error('The connection broke.');
      return { status: 200, body: { MessageId: `id-${sent.length}` } };
    }),
  });
  return {
    sms: createSms({ client, configurationSet: 'set', pause: atOnce }),
    sent: async () => sent,
    fail: (to, how) => void failing.set(to, how),
  };
});

/** What SNS is told of a publication, for each platform. */
function pushedOf(token: string, published: string): Pushed {
  const all = JSON.parse(published) as Record<string, string>;
  if (all['APNS'] !== undefined) {
    const { aps, ...data } = JSON.parse(all['APNS']) as { aps: { alert: { title: string; body: string } } };
    return { token, ...aps.alert, data };
  }
  const { fcmV1Message } = JSON.parse(all['GCM'] ?? '{}') as {
    fcmV1Message: { message: { notification: { title: string; body: string }; data: Record<string, string> } };
  };
  return { token, ...fcmV1Message.message.notification, data: fcmV1Message.message.data };
}

describePush('SNS (a stand-in)', async () => {
  const pushed: Pushed[] = [];
  const failing = new Map<string, string>();
  const xml = (status: number, body: string) => ({
    response: { statusCode: status, headers: { 'content-type': 'text/xml' }, body: Readable.from([Buffer.from(body)]) },
  });
  const client = new SNSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: {
      async handle({ body }: SdkRequest) {
        const form = new URLSearchParams(String(body));
        const action = form.get('Action') ?? '';
        const answer = (result: string) =>
          xml(200, `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
        if (action === 'CreatePlatformEndpoint') {
          return answer(`<EndpointArn>arn:aws:sns:us-east-1:1:endpoint/${form.get('Token')}</EndpointArn>`);
        }
        const token = (form.get('TargetArn') ?? '').split('/').at(-1) ?? '';
        const failure = failing.get(token);
        if (failure !== undefined) {
          const error = `<Error><Type>Sender</Type><Code>${failure}</Code><Message>${failure}</Message></Error>`;
          return xml(400, `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`);
        }
        pushed.push(pushedOf(token, form.get('Message') ?? ''));
        return answer(`<MessageId>id-${pushed.length}</MessageId>`);
      },
    } as never,
  });
  return {
    push: createPush({ client, pause: atOnce }),
    pushed: async () => pushed,
    kill: (token) => void failing.set(token, 'EndpointDisabled'),
    postpone: (token) => void failing.set(token, 'Throttled'),
  };
});
