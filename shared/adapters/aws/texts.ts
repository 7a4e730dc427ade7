// SMS and push of a deployed function. Most messages are emails: the clients are loaded when the first of theirs comes.
import type { Push, Sms } from '../../ports.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';

/** End User Messaging with the configuration set of the function's environment. */
export function awsSms(environment: Environment): Sms {
  const configurationSet = environment('SMS_CONFIGURATION_SET');
  let loaded: Promise<Sms> | undefined;
  return { send: async (message) => (await (loaded ??= loadSms(configurationSet))).send(message) };
}

async function loadSms(configurationSet: string): Promise<Sms> {
  const [{ PinpointSMSVoiceV2Client }, { createSms }] = await Promise.all([
    import('@aws-sdk/client-pinpoint-sms-voice-v2'),
    import('./sms.ts'),
  ]);
  return createSms({ client: new PinpointSMSVoiceV2Client({ ...patience, maxAttempts: 1 }), configurationSet });
}

/** SNS; which application a token belongs to stands in the message. */
export function awsPush(): Push {
  let loaded: Promise<Push> | undefined;
  return { send: async (message) => (await (loaded ??= loadPush())).send(message) };
}

async function loadPush(): Promise<Push> {
  const [{ SNSClient }, { createPush }] = await Promise.all([import('@aws-sdk/client-sns'), import('./push.ts')]);
  return createPush({ client: new SNSClient({ ...patience, maxAttempts: 1 }) });
}
