import { setTimeout } from 'node:timers/promises';
import { domainToASCII } from 'node:url';
import {
  SendEmailCommand,
  type SendEmailCommandInput,
  SESv2Client,
  SESv2ServiceException,
  TooManyRequestsException,
} from '@aws-sdk/client-sesv2';
import { type Email, HandoverPostponed, HandoverRefused, type Mail } from '../../ports.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';

/** Waits between tries while SES says that we send too fast, milliseconds; together far less than the function's time. */
const waits = [500, 1_000, 2_000, 4_000, 8_000];

/** About `ms` milliseconds, so that messages of one batch do not come again at the same moment. */
const about = (ms: number) => setTimeout(ms * (0.5 + Math.random()));

/** SES v2 behind the mail port. The client must not retry by itself: a lost answer may hide a message that left. */
export function createMail(options: {
  client: SESv2Client;
  configurationSet: string;
  pause?: (ms: number) => Promise<unknown>;
}): Mail {
  const { client, configurationSet, pause = about } = options;

  /** Only "too fast" is answered before anything happens, and is worth another try. */
  async function handOver(command: SendEmailCommand) {
    for (const wait of waits) {
      try {
        return await client.send(command);
      } catch (error) {
        if (!(error instanceof TooManyRequestsException)) throw error;
        await pause(wait);
      }
    }
    return client.send(command);
  }

  return {
    async send(email) {
      const command = new SendEmailCommand({ ...inputOf(email), ConfigurationSetName: configurationSet });
      const answer = await handOver(command).catch((error: unknown) => {
        throw refusalIn(error) ?? error;
      });
      if (answer.MessageId === undefined) throw new Error('SES answered without a message id.');
      return { id: answer.MessageId };
    },
  };
}

/** SES with the configuration set of the function's environment. */
export function awsMail(environment: Environment): Mail {
  return createMail({
    client: new SESv2Client({ ...patience, maxAttempts: 1 }),
    configurationSet: environment('CONFIGURATION_SET'),
  });
}

/** Nothing left, and it is not the message's fault: we are too fast, or the role lacks the permission. */
const notNow: ReadonlySet<string> = new Set([
  'TooManyRequestsException',
  'AccessDeniedException',
  'SendingPausedException',
]);

/** A 4xx is a no, or a not now: nothing left. A 5xx, a timeout, a broken connection leave the outcome open. */
function refusalIn(error: unknown): HandoverRefused | HandoverPostponed | undefined {
  if (!(error instanceof SESv2ServiceException) || error.$fault !== 'client') return undefined;
  const reason = `${error.name}: ${error.message}`;
  return notNow.has(error.name) ? new HandoverPostponed(reason) : new HandoverRefused(reason);
}

function inputOf(email: Email): SendEmailCommandInput {
  const text = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: `${displayName(email.from.name)} <${asciiAddress(email.from.address)}>`.trim(),
    Destination: { ToAddresses: [asciiAddress(email.to)] },
    ...(email.replyTo !== undefined && { ReplyToAddresses: [asciiAddress(email.replyTo)] }),
    Content: {
      Simple: {
        Subject: text(email.subject),
        Body: { Html: text(email.html), Text: text(email.text) },
        Headers: Object.entries(email.headers).map(([Name, Value]) => ({ Name, Value })),
      },
    },
    EmailTags: Object.entries(email.tags).map(([Name, Value]) => ({ Name: tagText(Name), Value: tagText(Value) })),
  };
}

/** SES takes these characters only; a tag that was changed would come back as the id of something else. */
function tagText(text: string): string {
  if (/^[A-Za-z0-9_-]{1,256}$/.test(text)) return text;
  throw new HandoverRefused('A tag holds characters that SES does not take.');
}

/** SES wants domains in their ASCII form. */
function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1)) || address.slice(at + 1)}`;
}

/** A display name as mail headers take it: quoted, or as encoded words (RFC 2047) when it is not plain ASCII. */
function displayName(name: string): string {
  const clean = name.replaceAll(/\p{Cc}+/gu, ' ').trim();
  if (clean === '') return '';
  if (/^[ -~]*$/.test(clean)) return `"${clean.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  return encodedWords(clean)
    .map((word) => `=?UTF-8?B?${word}?=`)
    .join(' ');
}

/** Base64 of pieces of at most 45 bytes, none of which cuts a character: an encoded word has at most 75 characters. */
function encodedWords(text: string): string[] {
  const pieces = [''];
  for (const character of text) {
    const longer = (pieces.at(-1) ?? '') + character;
    if (Buffer.byteLength(longer) > 45) pieces.push(character);
    else pieces[pieces.length - 1] = longer;
  }
  return pieces.map((piece) => Buffer.from(piece).toString('base64'));
}
