import { domainToASCII } from 'node:url';
import { SendEmailCommand, type SendEmailCommandInput, SESv2Client } from '@aws-sdk/client-sesv2';
import { type Email, HandoverRefused, type Mail } from '../../ports.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';
import { type Pause, handOver } from './hand-over.ts';

/** SES v2 behind the mail port. The client must not retry by itself: a lost answer may hide a message that left. */
export function createMail(options: { client: SESv2Client; configurationSet: string; pause?: Pause }): Mail {
  const { client, configurationSet, pause } = options;
  return {
    async send(email) {
      const command = new SendEmailCommand({ ...inputOf(email), ConfigurationSetName: configurationSet });
      const answer = await handOver(() => client.send(command), pause);
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

function inputOf(email: Email): SendEmailCommandInput {
  const text = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: `${displayName(email.from.name)} <${asciiAddress(email.from.address)}>`.trim(),
    Destination: {
      ToAddresses: [asciiAddress(email.to)],
      ...(email.cc !== undefined && { CcAddresses: [asciiAddress(email.cc)] }),
      ...(email.bcc !== undefined && { BccAddresses: [asciiAddress(email.bcc)] }),
    },
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
