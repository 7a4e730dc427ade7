// What the AWS adapters do beyond their contracts: partial failures, limits, what they send.
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsBus, createBus } from '../../shared/adapters/aws/bus.ts';
import { deployedFile } from '../../shared/adapters/aws/deployed-file.ts';
import { chunks } from '../../shared/adapters/aws/client.ts';
import { readEnvironment } from '../../shared/adapters/aws/environment.ts';
import { createFiles } from '../../shared/adapters/aws/files.ts';
import { createLog } from '../../shared/adapters/aws/log.ts';
import { createMail } from '../../shared/adapters/aws/mail.ts';
import { awsPorts } from '../../shared/adapters/aws/ports.ts';
import { createQueue } from '../../shared/adapters/aws/queue.ts';
import { createSchedule } from '../../shared/adapters/aws/schedule.ts';
import { awsStore } from '../../shared/adapters/aws/table.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { type Email, HandoverPostponed, HandoverRefused } from '../../shared/ports.ts';
import { type SdkAnswer, standIn } from '../support/stand-in.ts';

describe('the queue', () => {
  interface Entry {
    Id: string;
    MessageBody: string;
  }

  /** A queue whose first answers fail the messages that `fails` names. */
  function failing(fails: readonly (readonly string[])[], senderFault = false) {
    const rounds: string[][] = [];
    const client = new SQSClient({
      ...standIn((_, body) => {
        const entries = body.Entries as Entry[];
        const bad = fails[rounds.length] ?? [];
        rounds.push(entries.map((entry) => entry.MessageBody));
        const failed = entries.filter((entry) => bad.includes(entry.MessageBody));
        return {
          status: 200,
          body: {
            Successful: [],
            Failed: failed.map(({ Id }) => ({ Id, SenderFault: senderFault, Code: 'InternalError' })),
          },
        };
      }),
      md5: false,
    });
    return { queue: createQueue({ client, urlOf: () => 'https://sqs.us-east-1.amazonaws.com/1/q' }), rounds };
  }

  const texts = (...names: string[]) => names.map((name) => ({ body: { name } }));
  const json = (...names: string[]) => names.map((name) => JSON.stringify({ name }));

  it('sends again what SQS did not take, and only that', async () => {
    const { queue, rounds } = failing([json('a', 'c'), json('c')]);
    await queue.send('feedback', texts('a', 'b', 'c'));
    expect(rounds).toEqual([json('a', 'b', 'c'), json('a', 'c'), json('c')]);
  });

  it('gives up after four rounds', async () => {
    const { queue, rounds } = failing(Array.from({ length: 9 }, () => json('a')));
    await expect(queue.send('feedback', texts('a', 'b'))).rejects.toThrow('SQS did not take 1 messages: InternalError');
    expect(rounds).toHaveLength(4);
  });

  it('does not send a message again that is itself at fault', async () => {
    const { queue, rounds } = failing([json('a')], true);
    await expect(queue.send('feedback', texts('a'))).rejects.toThrow('InternalError');
    expect(rounds).toHaveLength(1);
  });
});

describe('the bus', () => {
  const event: DomainEvent = { type: 'profile.created', account: 'a1', detail: { profile: 'p1' } };

  function failing(codes: (string | undefined)[][]) {
    const rounds: unknown[][] = [];
    const client = new EventBridgeClient(
      standIn((_, body) => {
        const answers = codes[rounds.length] ?? [];
        rounds.push(body.Entries as unknown[]);
        const failed = answers.filter((code) => code !== undefined).length;
        return {
          status: 200,
          body: { FailedEntryCount: failed, Entries: answers.map((ErrorCode) => ({ ErrorCode })) },
        };
      }),
    );
    return { bus: createBus({ client, busName: 'the-bus' }), rounds };
  }

  it('writes the type as detail-type and the account into the detail', async () => {
    const { bus, rounds } = failing([[]]);
    await bus.publish([event]);
    expect(rounds).toEqual([
      [
        {
          EventBusName: 'the-bus',
          Source: 'millrace',
          DetailType: 'profile.created',
          Detail: '{"account":"a1","profile":"p1"}',
        },
      ],
    ]);
  });

  it('publishes again what EventBridge did not take, and fails when that does not help', async () => {
    const { bus, rounds } = failing([[undefined, 'ThrottlingException'], [undefined]]);
    await bus.publish([event, event]);
    expect(rounds.map((entries) => entries.length)).toEqual([2, 1]);
    const stuck = failing(Array.from({ length: 9 }, () => ['InternalFailure']));
    await expect(stuck.bus.publish([event])).rejects.toThrow('EventBridge did not take 1 events: InternalFailure');
  });
});

describe('the schedule', () => {
  function recording() {
    const calls: { path: string; body: Record<string, unknown> }[] = [];
    const client = new SchedulerClient(
      standIn(({ path }, body) => {
        calls.push({ path, body });
        return { status: 200, body: { ScheduleArn: 'arn:schedule' } };
      }),
    );
    const clock = { now: () => Date.UTC(2026, 0, 1, 12, 0, 50) };
    const names = { group: 'group', roleArn: 'arn:role', wakeArn: 'arn:wake', deadLettersArn: 'arn:dead' };
    return { schedule: createSchedule({ client, clock, ...names }), calls };
  }

  it('deletes itself, has no window, and wakes the wake function', async () => {
    const { schedule, calls } = recording();
    await schedule.once({ name: 'due', at: Date.UTC(2026, 0, 2), payload: { sweep: true } });
    expect(calls[0]).toMatchObject({
      path: '/schedules/due',
      body: {
        GroupName: 'group',
        ScheduleExpression: 'at(2026-01-02T00:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: 'arn:wake',
          RoleArn: 'arn:role',
          Input: '{"sweep":true}',
          DeadLetterConfig: { Arn: 'arn:dead' },
        },
      },
    });
  });

  it('moves a time that is about to pass behind the call', async () => {
    const { schedule, calls } = recording();
    await schedule.once({ name: 'due', at: Date.UTC(2026, 0, 1, 12, 1), payload: { sweep: true } });
    expect(calls[0]?.body.ScheduleExpression).toBe('at(2026-01-01T12:01:05)');
  });

  it('is asked for once by a warm container', async () => {
    const { schedule, calls } = recording();
    const due = { name: 'due', at: Date.UTC(2026, 0, 2), payload: { sweep: true } as const };
    await schedule.once(due);
    await schedule.once(due);
    expect(calls).toHaveLength(1);
  });
});

describe('the mail', () => {
  const email: Email = {
    from: { name: 'Beantown', address: 'hello@example.com' },
    to: 'ann@example.com',
    subject: 'Hello',
    html: '<p>Hello</p>',
    text: 'Hello',
    headers: {},
    tags: {},
  };

  function answering(...answers: (SdkAnswer | Error)[]) {
    const bodies: Record<string, unknown>[] = [];
    const pauses: number[] = [];
    const client = new SESv2Client({
      maxAttempts: 1,
      ...standIn((_, body) => {
        const answer = answers[bodies.length] ?? { status: 200, body: { MessageId: 'id' } };
        bodies.push(body);
        if (answer instanceof Error) throw answer;
        return answer;
      }),
    });
    const pause = async (ms: number) => void pauses.push(ms);
    return { mail: createMail({ client, configurationSet: 'set', pause }), bodies, pauses };
  }

  it('waits and tries again while SES says that it is too fast, and never otherwise', async () => {
    const tooFast: SdkAnswer = { status: 429, type: 'TooManyRequestsException' };
    const slow = answering(tooFast, tooFast);
    await expect(slow.mail.send(email)).resolves.toEqual({ id: 'id' });
    expect(slow.pauses).toEqual([500, 1000]);
    const broken = answering({ status: 500, type: 'InternalServiceErrorException' });
    await expect(broken.mail.send(email)).rejects.not.toBeInstanceOf(HandoverRefused);
    expect(broken.bodies).toHaveLength(1);
    const cut = answering(new Error('socket hang up'));
    await expect(cut.mail.send(email)).rejects.not.toBeInstanceOf(HandoverRefused);
    expect(cut.bodies).toHaveLength(1);
  });

  it('calls it not now when SES stays too fast, or when the role lacks the permission', async () => {
    const tooFast: SdkAnswer = { status: 429, type: 'TooManyRequestsException' };
    const slow = answering(tooFast, tooFast, tooFast);
    await expect(slow.mail.send(email)).rejects.toBeInstanceOf(HandoverPostponed);
    expect(slow.pauses).toEqual([500, 1000]);
    const denied = answering({ status: 403, type: 'AccessDeniedException' });
    await expect(denied.mail.send(email)).rejects.toBeInstanceOf(HandoverPostponed);
    expect(denied.bodies).toHaveLength(1);
    const nobody = answering(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    await expect(nobody.mail.send(email)).rejects.toBeInstanceOf(HandoverPostponed);
    expect(nobody.bodies).toHaveLength(1);
  });

  it.each([
    'MessageRejected',
    'MailFromDomainNotVerifiedException',
    'BadRequestException',
    'AccountSuspendedException',
  ])('takes %s for a refusal', async (type) => {
    const { mail } = answering({ status: 400, type });
    await expect(mail.send(email)).rejects.toThrow(new HandoverRefused(`${type}: ${type}`));
  });

  it('refuses tags that would come back changed', async () => {
    const { mail, bodies } = answering();
    await expect(mail.send({ ...email, tags: { message: 'm 1' } })).rejects.toBeInstanceOf(HandoverRefused);
    expect(bodies).toEqual([]);
  });

  it('writes names and addresses as mail headers want them', async () => {
    const { mail, bodies } = answering();
    const from = (name: string) => mail.send({ ...email, from: { name, address: 'hello@bücher.example' } });
    await from('Ann "The Mill" Lee');
    await from('Größe\r\nBcc: x');
    await from('');
    expect(bodies.map((body) => body.FromEmailAddress)).toEqual([
      String.raw`"Ann \"The Mill\" Lee" <hello@xn--bcher-kva.example>`,
      `=?UTF-8?B?${Buffer.from('Größe Bcc: x').toString('base64')}?= <hello@xn--bcher-kva.example>`,
      '<hello@xn--bcher-kva.example>',
    ]);
  });

  it('splits long names into encoded words of at most 75 characters, without cutting a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (rest) => {
        const name = `é${rest}`.replaceAll(/\p{Cc}/gu, '').trim();
        const { mail, bodies } = answering();
        await mail.send({ ...email, from: { name, address: 'a@example.com' } });
        const words = String(bodies[0]?.FromEmailAddress).split(' ').slice(0, -1);
        const decoded = words.map((word) => {
          expect(word.length).toBeLessThanOrEqual(75);
          return Buffer.from(word.slice('=?UTF-8?B?'.length, -2), 'base64').toString();
        });
        expect(decoded.join('')).toBe(name);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the files', () => {
  it('carry their kind as a tag, for the rules of the bucket', async () => {
    const tags: (string | undefined)[] = [];
    const client = new S3Client(
      standIn(({ headers }) => {
        tags.push(headers['x-amz-tagging']);
        return { status: 200 };
      }),
    );
    const files = createFiles({ client, bucket: 'bucket' });
    await files.put('a1/jobs/01.json', '{}');
    await files.put('a1/odd kind&x=1/01', '{}');
    expect(tags).toEqual(['kind=jobs', 'kind=odd+kind%26x%3D1']);
  });
});

describe('the environment', () => {
  it('is read at the start, and what is missing is named', () => {
    expect(() => readEnvironment(['bus:publish', 'queue:flows'], { STAGE: 'dev', BUS_NAME: 'b' })).toThrow(
      'The environment lacks FLOWS_QUEUE_URL, PUBLIC_URL.',
    );
  });

  it('gives the variables of the grants, and no others', () => {
    const environment = readEnvironment([], { STAGE: 'dev', PUBLIC_URL: 'u', TABLE_NAME: 't' });
    expect(environment('STAGE')).toBe('dev');
    expect(() => environment('TABLE_NAME')).toThrow('No grant of this function brings TABLE_NAME.');
  });

  it('is asked of the compiler too: makers must be those of the grants', () => {
    const variables = { STAGE: 'dev', PUBLIC_URL: 'u', TABLE_NAME: 't', BUS_NAME: 'b' };
    // @ts-expect-error the grant brings a store, not a bus
    awsPorts(['table:read'], { store: awsStore, bus: awsBus }, variables);
    // @ts-expect-error the second grant needs a maker
    awsPorts(['table:read', 'bus:publish'], { store: awsStore }, variables);
    expect(awsPorts(['table:read', 'table:write'], { store: awsStore }, variables).settings.stage).toBe('dev');
  });

  it('makes ports without a grant that may be held but not used', () => {
    const ports = awsPorts([], {}, { STAGE: 'dev', PUBLIC_URL: 'https://m.example' });
    expect(ports.settings).toEqual({ stage: 'dev', publicUrl: 'https://m.example' });
    const { mail } = ports;
    expect(() => mail.send({} as Email)).toThrow('This function has no grant for mail');
  });
});

describe('the log', () => {
  it('writes one object, with errors spelled out', () => {
    const lines: unknown[] = [];
    const sink = { info: (line: unknown) => lines.push(line), error: (line: unknown) => lines.push(line) };
    createLog({ sink }).error('It broke.', { account: 'a1', error: new TypeError('Bad.') });
    expect(lines).toMatchObject([
      { message: 'It broke.', account: 'a1', error: { name: 'TypeError', message: 'Bad.' } },
    ]);
  });
});

it('chunks hold every item in its order and keep both limits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (sizes) => {
      const pieces = chunks(sizes, 3, 25, (size) => size);
      expect(pieces.flat()).toEqual(sizes);
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(3);
        expect(piece.length === 1 || piece.reduce((sum, size) => sum + size, 0) <= 25).toBe(true);
      }
    }),
  );
});

it('a file that is deployed beside the code is read', async () => {
  expect(await deployedFile('deployed-file.ts')()).toContain('export function deployedFile');
});
