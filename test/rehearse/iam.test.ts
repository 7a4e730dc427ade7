import { describe, expect, it } from 'vitest';
import { createIam, Denied } from '../../functions/rehearse/iam.ts';
import { readTemplate, type Template } from '../../functions/rehearse/template.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:Shop-Work';
const role = 'arn:aws:iam::000000000000:role/Shop-Worker';

/** The policies of one role with these statements, and of a queue with those. */
function iamOf(own: object[], theirs: object[] = [], trust: object[] = []) {
  const Resources: Template['Resources'] = {
    Work: { Type: 'AWS::SQS::Queue' },
    Worker: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: trust } } },
    Policy: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: own }, Roles: [{ Ref: 'Worker' }] },
    },
    Gate: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: { Statement: theirs } } },
  };
  const addresses = { aws: 'http://127.0.0.1:4000', publicHost: '127.0.0.1:3000' };
  return createIam(readTemplate({ Resources }, 'Shop', addresses), {});
}

const allow = (Action: string | string[], Resource: string, rest: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const send = { action: 'sqs:SendMessage', resource: queue };

describe('a call', () => {
  it.each([
    ['the action and the resource', allow('sqs:SendMessage', queue)],
    ['an action of another case', allow('SQS:sendmessage', queue)],
    ['a pattern', allow(['sqs:Send*'], 'arn:aws:sqs:*:*:Shop-?ork')],
  ])('passes where a statement names %s', (_, statement) => {
    expect(() => iamOf([statement]).demand({ role }, [send])).not.toThrow();
  });

  it.each([
    ['nothing', []],
    ['another action', [allow('sqs:ReceiveMessage', queue)]],
    ['a resource that only begins alike', [allow('sqs:SendMessage', queue.slice(0, -1))]],
    ['a pattern in which a dot is a dot', [allow('sqs.SendMessage', queue)]],
    ['an explicit deny', [allow('sqs:*', '*'), { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: queue }]],
  ])('is denied where the role has %s', (_, statements) => {
    expect(() => iamOf(statements).demand({ role }, [send])).toThrow(Denied);
  });

  it('is denied in the words of AWS, with the statement that is missing', () => {
    const demand = () => iamOf([]).demand({ role }, [send]);
    expect(demand).toThrow(`is not authorized to perform: sqs:SendMessage on resource: ${queue}`);
    expect(demand).toThrow(
      expect.objectContaining({ missing: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue } }),
    );
  });

  it('needs everything that it does', () => {
    const receive = { ...send, action: 'sqs:ReceiveMessage' };
    expect(() => iamOf([allow('sqs:SendMessage', queue)]).demand({ role }, [send, receive])).toThrow('ReceiveMessage');
  });

  it('passes a condition only with the value that it asks for', () => {
    const iam = iamOf([
      allow('sqs:SendMessage', queue, { Condition: { StringEquals: { 'sqs:Colour': ['red', 'blue'] } } }),
    ]);
    const with_ = (context?: Record<string, string>) => () =>
      iam.demand({ role }, [{ ...send, ...(context && { context }) }]);
    expect(with_({ 'SQS:colour': 'blue' })).not.toThrow();
    expect(with_({ 'sqs:colour': 'green' })).toThrow(Denied);
    expect(with_()).toThrow(Denied);
  });

  it('of a service passes by the policy of the resource, and over TLS is not insecure', () => {
    const iam = iamOf(
      [],
      [
        { ...allow('sqs:SendMessage', queue), Principal: { Service: 'sns.amazonaws.com' } },
        {
          Effect: 'Deny',
          Action: 'sqs:*',
          Resource: queue,
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    );
    expect(() => iam.demand({ service: 'sns.amazonaws.com' }, [send])).not.toThrow();
    expect(() => iam.demand({ service: 'ses.amazonaws.com' }, [send])).toThrow(Denied);
  });
});

it('a role is taken on by whom its trust names, under its conditions', () => {
  const Condition = { StringEquals: { 'aws:SourceAccount': '000000000000' } };
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: 'scheduler.amazonaws.com' },
    Condition,
  };
  const iam = iamOf([], [], [trust]);
  expect(iam.mayAssume('scheduler.amazonaws.com', role, { 'aws:SourceAccount': '000000000000' })).toBe(true);
  expect(iam.mayAssume('scheduler.amazonaws.com', role, { 'aws:SourceAccount': '111111111111' })).toBe(false);
  expect(iam.mayAssume('lambda.amazonaws.com', role, { 'aws:SourceAccount': '000000000000' })).toBe(false);
});

it('a policy with an operator that is not evaluated stops the start, by its name', () => {
  const statement = allow('sqs:SendMessage', queue, {
    Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01' } },
  });
  expect(() => iamOf([statement])).toThrow('DateLessThan');
});
