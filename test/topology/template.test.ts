// The stack is what the topology says: no more, no less.
import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { CachePolicy } from 'aws-cdk-lib/aws-cloudfront';
import { describe, expect, it } from 'vitest';
import { type Stage, stageNamed, stages } from '../../cdk/config.ts';
import { environmentOf } from '../../shared/env.ts';
import type { IndexSpec } from '../../shared/storage/table.ts';
import { table } from '../../shared/storage/table.ts';
import {
  type FunctionSpec,
  functionSpecs,
  type Grant,
  onsiteScript,
  queues,
  visibilitySeconds,
} from '../../shared/topology.ts';
import { stackOf, synthesize } from '../support/stack.ts';

const stage = stageNamed('dev');
const deployed = synthesize(stage);
const { resources, ofType } = deployed;
const at = (path: string) => deployed.at(path);

const names = functionSpecs.map(([name]) => name).sort();
const queueNames = Object.keys(queues).sort() as (keyof typeof queues)[];

/** The names at one place of the paths of all resources of a type, sorted. */
const namesAt = (type: string, pattern: RegExp) =>
  ofType(type)
    .flatMap(({ path }) => pattern.exec(path)?.[1] ?? [])
    .sort();

describe('functions', () => {
  it('are those of the topology', () => {
    expect(ofType('AWS::Lambda::Function')).toHaveLength(names.length);
    expect(namesAt('AWS::Lambda::Function', /^Functions\/(\w+)\/Function$/)).toEqual(names);
  });

  it.each(functionSpecs)('%s runs with its memory, time and exactly the environment of its grants', (name, spec) => {
    const { properties } = at(`Functions/${name}/Function`);
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: spec.memoryMb,
      Timeout: spec.timeoutSeconds,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `<Functions/${name}/Log>` },
      Role: `<Functions/${name}/Role>`,
    });
    const { Variables: variables } = properties.Environment as { Variables: Record<string, string> };
    expect(Object.keys(variables).sort()).toEqual(environmentOf(spec.grants));
    expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('have a log each, kept for the time of the stage', () => {
    for (const name of names) {
      expect(at(`Functions/${name}/Log`).properties).toEqual({ RetentionInDays: stage.logDays });
    }
  });

  it('find what they need where the variables point', () => {
    const everything = new Map<string, string>();
    for (const { properties } of ofType('AWS::Lambda::Function')) {
      const { Variables: variables } = properties.Environment as { Variables: Record<string, string> };
      for (const [name, value] of Object.entries(variables)) everything.set(name, value);
    }
    expect(Object.fromEntries(everything)).toEqual({
      STAGE: 'dev',
      PUBLIC_URL: 'https://<Cdn.DomainName>',
      TABLE_NAME: '<Data/Table>',
      BUS_NAME: '<Bus>',
      BUCKET_NAME: '<Data/Files>',
      CONFIGURATION_SET: '<Mail/ConfigurationSet>',
      SMS_CONFIGURATION_SET: '<Sms/ConfigurationSet>',
      SCHEDULE_GROUP: '<Schedules/Group>',
      SCHEDULE_ROLE_ARN: '<Schedules/Role>',
      WAKE_ARN: '<Functions/wake/Function>',
      WAKE_DEAD_LETTERS_ARN: '<Schedules/DeadLetters>',
      SEGMENTS_QUEUE_URL: '<Queues/segments/Queue>',
      FEEDBACK_QUEUE_URL: '<Queues/feedback/Queue>',
      FLOWS_QUEUE_URL: '<Queues/flows/Queue>',
      MESSAGES_QUEUE_URL: '<Queues/messages/Queue>',
      JOBS_QUEUE_URL: '<Queues/jobs/Queue>',
      TALLIES_QUEUE_URL: '<Queues/tallies/Queue>',
      CAMPAIGNS_QUEUE_URL: '<Queues/campaigns/Queue>',
    });
  });
});

describe('queues', () => {
  it('are those of the topology', () => {
    expect(namesAt('AWS::SQS::Queue', /^Queues\/(\w+)\/Queue$/)).toEqual(queueNames);
  });

  it.each(queueNames)('%s hides messages long enough and gives them up after its tries', (name) => {
    expect(at(`Queues/${name}/Queue`).properties).toMatchObject({
      VisibilityTimeout: visibilitySeconds(name),
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: `<Queues/${name}/DeadLetters>`,
        maxReceiveCount: queues[name].maxReceives,
      },
    });
  });

  it('keep dead letters for fourteen days, and every queue refuses plain HTTP', () => {
    const all = ofType('AWS::SQS::Queue');
    // One for each queue, one for the stream, one for wake-ups.
    expect(all.filter(({ path }) => path.endsWith('/DeadLetters'))).toHaveLength(queueNames.length + 2);
    for (const { path, properties } of all) {
      if (path.endsWith('/DeadLetters')) expect(properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
      expect(JSON.stringify(at(`${path}/Policy`).properties)).toContain('"aws:SecureTransport":"false"');
    }
  });
});

describe('triggers', () => {
  const of = <K extends string>(kind: K) =>
    functionSpecs.flatMap(([name, { trigger }]: readonly [string, FunctionSpec]) =>
      kind in trigger ? [[name, trigger as Extract<FunctionSpec['trigger'], Record<K, unknown>>] as const] : [],
    );

  it('routes of the HTTP API lead to their functions', () => {
    const integrations = new Map(
      ofType('AWS::ApiGatewayV2::Integration').map(({ path, properties }) => [path, properties]),
    );
    const routes = ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
      const integration = integrations.get(/<(.*)>/.exec(String(properties.Target))?.[1] ?? '');
      return [properties.RouteKey, integration?.IntegrationUri, integration?.PayloadFormatVersion];
    });
    const expected = of('http').flatMap(([name, { http }]) =>
      http.map((route) => [route, `<Functions/${name}/Function>`, '2.0']),
    );
    expect(routes.sort()).toEqual(expected.sort());
  });

  it('event source mappings are those of the queues and of the stream', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
    const ofQueues = of('queue').map(([name, trigger]) => ({
      FunctionName: `<Functions/${name}/Function>`,
      EventSourceArn: `<Queues/${trigger.queue}/Queue>`,
      BatchSize: trigger.batch,
      MaximumBatchingWindowInSeconds: trigger.windowSeconds,
      ScalingConfig: { MaximumConcurrency: trigger.concurrency },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }));
    const ofStream = of('stream').map(([name, trigger]) => ({
      FunctionName: `<Functions/${name}/Function>`,
      EventSourceArn: '<Data/Table.StreamArn>',
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: trigger.batch,
      MaximumBatchingWindowInSeconds: trigger.windowSeconds,
      ParallelizationFactor: trigger.parallel,
      MaximumRecordAgeInSeconds: trigger.hours * 3600,
      BisectBatchOnFunctionError: true,
      FilterCriteria: {
        Filters: trigger.follows.map(({ kinds, statuses, removed = false }) => {
          const item = { kind: { S: kinds }, ...(statuses && { status: { S: statuses } }) };
          const gone = { eventName: ['REMOVE'], dynamodb: { OldImage: item } };
          return { Pattern: JSON.stringify(removed ? gone : { dynamodb: { NewImage: item } }) };
        }),
      },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: `<Functions/${name}/Function/Stream/DeadLetters>` } },
    }));
    expect(mappings).toHaveLength(ofQueues.length + ofStream.length);
    expect(mappings).toEqual(expect.arrayContaining([...ofQueues, ...ofStream]));
  });

  it('the schedule wakes its function at its rate, with its payload', () => {
    const expected = of('wakeUps').map(([name, trigger]) => ({
      GroupName: '<Schedules/Group>',
      ScheduleExpression: `rate(${trigger.everyMinutes} minutes)`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `<Functions/${name}/Function>`,
        RoleArn: '<Schedules/Role>',
        Input: JSON.stringify(trigger.payload),
        DeadLetterConfig: { Arn: '<Schedules/DeadLetters>' },
      },
    }));
    expect(ofType('AWS::Scheduler::Schedule').map(({ properties }) => properties)).toEqual(expected);
  });

  it('what SES and End User Messaging report reaches the feedback queue', () => {
    expect(ofType('AWS::SES::ConfigurationSetEventDestination').map(({ properties }) => properties)).toEqual([
      {
        ConfigurationSetName: '<Mail/ConfigurationSet>',
        EventDestination: {
          Enabled: true,
          MatchingEventTypes: ['send', 'delivery', 'reject', 'bounce', 'complaint', 'renderingFailure'],
          SnsDestination: { TopicARN: '<Mail/Feedback>' },
        },
      },
    ]);
    expect(ofType('AWS::SNS::Subscription').map(({ properties }) => properties)).toEqual([
      { Protocol: 'sqs', TopicArn: '<Mail/Feedback>', Endpoint: '<Queues/feedback/Queue>' },
      { Protocol: 'sqs', TopicArn: '<Sms/Feedback>', Endpoint: '<Queues/feedback/Queue>' },
    ]);
  });
});

describe('the table', () => {
  const { id, properties, deletionPolicy } = at('Data/Table');

  it('is the one of shared/storage/table.ts', () => {
    const indexes: [string, IndexSpec][] = Object.entries(table.indexes);
    const keys = (partition: string, sort: string) => [
      { AttributeName: partition, KeyType: 'HASH' },
      { AttributeName: sort, KeyType: 'RANGE' },
    ];
    const described = (kind: IndexSpec['kind']) =>
      indexes
        .filter(([, spec]) => spec.kind === kind)
        .map(([name, spec]) => ({
          IndexName: name,
          KeySchema: keys(spec.partition, spec.sort),
          Projection:
            spec.projects === 'keys'
              ? { ProjectionType: 'KEYS_ONLY' }
              : { ProjectionType: 'INCLUDE', NonKeyAttributes: spec.projects },
        }));
    expect(properties).toMatchObject({
      KeySchema: keys(table.partition, table.sort),
      LocalSecondaryIndexes: described('local'),
      GlobalSecondaryIndexes: described('global'),
      TimeToLiveSpecification: { AttributeName: table.ttl, Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      Replicas: [
        { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: false },
      ],
    });
  });

  it('outlives the stack, and in production nobody can delete it', () => {
    expect(deletionPolicy).toBe('Retain');
    const production = synthesize(stageNamed('prod')).at('Data/Table');
    expect(production.properties).toMatchObject({ Replicas: [{ DeletionProtectionEnabled: true }] });
  });

  it('and the buckets keep their logical ids, or they would be made anew and empty', () => {
    expect([id, at('Data/Files').id, at('Data/Logs').id]).toEqual([
      'DataTableFDBAD0F2',
      'DataFilesC1590605',
      'DataLogs88291148',
    ]);
    expect([at('Data/Files').deletionPolicy, at('Data/Logs').deletionPolicy]).toEqual(['Retain', 'Retain']);
  });
});

it('the files of bulk jobs go after their time, by the tag that the adapter gives them', () => {
  expect(at('Data/Files').properties.LifecycleConfiguration).toMatchObject({
    Rules: [
      {},
      ...['jobs', 'catalog-feeds'].map((Value) => ({
        Status: 'Enabled',
        ExpirationInDays: 14,
        TagFilters: [{ Key: 'kind', Value }],
      })),
    ],
  });
});

describe('roles', () => {
  /** What each grant allows: `action resource`. */
  const allowed: Record<string, string[]> = {
    'table:read': [
      'dynamodb:GetItem <Data/Table>',
      'dynamodb:BatchGetItem <Data/Table>',
      'dynamodb:ConditionCheckItem <Data/Table>',
      ...['', ...Object.keys(table.indexes).map((name) => `/index/${name}`)].map(
        (to) => `dynamodb:Query <Data/Table>${to}`,
      ),
    ],
    'table:write': ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((to) => `dynamodb:${to} <Data/Table>`),
    'bus:publish': ['events:PutEvents <Bus>'],
    'schedule:create': [
      'scheduler:CreateSchedule arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<Schedules/Group>/*',
      'iam:PassRole <Schedules/Role> if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}',
    ],
    'mail:send': [
      'ses:SendEmail arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/<Mail/dev.mail.example.com>',
      'ses:SendEmail arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:configuration-set/<Mail/ConfigurationSet>',
    ],
    'sms:send': [
      ...['phone-number/*', 'pool/*', 'sender-id/*'].map(
        (from) => `sms-voice:SendTextMessage arn:<AWS::Partition>:sms-voice:<AWS::Region>:<AWS::AccountId>:${from}`,
      ),
      'sms-voice:SendTextMessage <Sms/ConfigurationSet>',
    ],
    'push:send': [
      'sns:CreatePlatformEndpoint arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:app/*',
      'sns:Publish arn:<AWS::Partition>:sns:<AWS::Region>:<AWS::AccountId>:endpoint/*',
    ],
    'files:read': ['s3:GetObject <Data/Files>/*', 's3:ListBucket <Data/Files>'],
    'files:write': ['s3:PutObject <Data/Files>/*', 's3:PutObjectTagging <Data/Files>/*'],
    'files:remove': ['s3:DeleteObject <Data/Files>/*'],
  };

  const allowedBy = (grant: Grant) =>
    grant.startsWith('queue:') ? [`sqs:SendMessage <Queues/${grant.slice(6)}/Queue>`] : (allowed[grant] ?? []);

  /** What a function needs for its trigger and its log. */
  function allowedFor(name: string, { trigger }: FunctionSpec): string[] {
    const log = ['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} <Functions/${name}/Log>`);
    const taking = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    const reading = ['DescribeStream', 'GetRecords', 'GetShardIterator'];
    if ('queue' in trigger) return [...log, ...taking.map((action) => `sqs:${action} <Queues/${trigger.queue}/Queue>`)];
    if ('wakeUps' in trigger) return [...log, 'sqs:SendMessage <Schedules/DeadLetters>'];
    if ('http' in trigger) return log;
    return [
      ...log,
      ...reading.map((action) => `dynamodb:${action} <Data/Table.StreamArn>`),
      'dynamodb:ListStreams *',
      `sqs:SendMessage <Functions/${name}/Function/Stream/DeadLetters>`,
    ];
  }

  interface Statement {
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: unknown;
  }

  const list = (value: string | string[]) => (Array.isArray(value) ? value : [value]);

  const statementsIn = (document: unknown) =>
    (document as { Statement: Statement[] }).Statement.flatMap(({ Effect, Action, Resource, Condition }) =>
      list(Action).flatMap((action) =>
        list(Resource).map((resource) => {
          expect(Effect).toBe('Allow');
          return `${action} ${resource}${Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`}`;
        }),
      ),
    );

  const policies = ofType('AWS::IAM::Policy');

  it.each(functionSpecs)('%s may do what its grants and its trigger call for, and nothing else', (name, spec) => {
    const mine = policies.filter(({ properties }) =>
      (properties.Roles as string[]).includes(`<Functions/${name}/Role>`),
    );
    const actual = mine.flatMap(({ properties }) => statementsIn(properties.PolicyDocument));
    const expected = new Set([...spec.grants.flatMap(allowedBy), ...allowedFor(name, spec)]);
    expect(actual.sort()).toEqual([...expected].sort());
  });

  it('are one for each function and one for the schedules, which may wake and nothing else', () => {
    const roles = ofType('AWS::IAM::Role');
    expect(roles.map(({ path }) => path).sort()).toEqual(
      [...names.map((name) => `Functions/${name}/Role`), 'Schedules/Role'].sort(),
    );
    const inline = at('Schedules/Role').properties.Policies as { PolicyDocument: unknown }[];
    expect(inline.flatMap(({ PolicyDocument }) => statementsIn(PolicyDocument))).toEqual([
      'lambda:InvokeFunction <Functions/wake/Function>',
      'sqs:SendMessage <Schedules/DeadLetters>',
    ]);
  });

  it('hold no managed policies, no wildcard actions, and no policies but their own', () => {
    for (const { properties } of ofType('AWS::IAM::Role')) expect(properties).not.toHaveProperty('ManagedPolicyArns');
    expect(ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
    expect(policies).toHaveLength(names.length);
    for (const { properties } of policies) {
      for (const statement of statementsIn(properties.PolicyDocument)) expect(statement).toMatch(/^[\w-]+:\w+ /);
    }
  });
});

it.each(Object.values(stages))('the stack of $name bears its tags, and stays where its table has to', (one) => {
  const { stack } = stackOf(one);
  expect(stack.tags.tagValues()).toEqual({ application: 'millrace', stage: one.name });
  expect(stack.terminationProtection).toBe(one.protectTable);
});

describe('alarms', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm').map(({ path, properties }) => ({
    path,
    text: String(properties.AlarmDescription),
    actions: properties.AlarmActions,
  }));
  const sections = readFileSync('docs/runbook.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('## '))
    .map((line) => line.slice(3).trim().toLowerCase().replaceAll(' ', '-'));

  it('all tell someone, and point to a section of the runbook', () => {
    for (const { text, actions } of alarms) {
      expect(actions).toEqual(['<Alarms>']);
      expect(sections).toContain(/See docs\/runbook\.md#([\w-]+)$/.exec(text)?.[1]);
    }
  });

  it('say for every function and every queue what stops, in the words of the topology', () => {
    for (const [name, { onFailure }] of functionSpecs) {
      const { text } = alarms.find(({ path }) => path === `Functions/${name}/Errors`) ?? {};
      expect(text).toBe(`${onFailure} See docs/runbook.md#${name}`);
    }
    for (const name of queueNames) {
      const { text } = alarms.find(({ path }) => path === `Queues/${name}/DeadLettersAlarm`) ?? {};
      expect(text).toBe(`${queues[name].onDeadLetters} See docs/runbook.md#queue-${name}`);
      expect(alarms.some(({ path }) => path === `Queues/${name}/OldestMessage`)).toBe(true);
    }
  });

  it('watch the rule of resting accounts by its bare name, not by the name of its bus and its own', () => {
    const { Dimensions: dimensions } = at('SendingRestsAlarm').properties;
    expect(dimensions).toEqual([
      { Name: 'EventBusName', Value: '<Bus>' },
      { Name: 'RuleName', Value: { 'Fn::Select': [1, { 'Fn::Split': ['|', '<SendingRests>'] }] } },
    ]);
  });

  it('leave no section of the runbook without a function, a queue or an alarm', () => {
    const anchors = new Set(alarms.map(({ text }) => /#([\w-]+)$/.exec(text)?.[1]));
    expect(sections.filter((section) => !anchors.has(section))).toEqual([]);
  });
});

it('the edge keeps the script for sites as long as it is told to, and nothing else', () => {
  const { CacheBehaviors, DefaultCacheBehavior } = at('Cdn').properties.DistributionConfig as {
    CacheBehaviors: object[];
    DefaultCacheBehavior: { CachePolicyId: string };
  };
  expect(CacheBehaviors).toEqual([
    expect.objectContaining({
      PathPattern: onsiteScript.paths,
      CachePolicyId: CachePolicy.CACHING_OPTIMIZED.cachePolicyId,
      ViewerProtocolPolicy: 'https-only',
      Compress: true,
    }),
  ]);
  expect(DefaultCacheBehavior.CachePolicyId).toBe('<NeverCache>');
});

describe('a stage', () => {
  it('is taken by its name, and a name that is not there is refused', () => {
    expect(stageNamed(undefined)).toBe(stages.dev);
    expect(() => stageNamed('toString')).toThrow('There is no stage toString in cdk/config.ts: dev, prod.');
  });

  it('with a domain of its own demands TLS 1.2 and gives its URL to the functions', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/a';
    const webAclArn = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/a/b';
    const own: Stage = { ...stage, domain: { name: 'api.example.com', certificateArn }, webAclArn };
    const withDomain = synthesize({ ...own, logRemoval: RemovalPolicy.RETAIN });
    expect(withDomain.at('Cdn').properties.DistributionConfig).toMatchObject({
      Aliases: ['api.example.com'],
      ViewerCertificate: { AcmCertificateArn: certificateArn, MinimumProtocolVersion: 'TLSv1.2_2021' },
      WebACLId: webAclArn,
    });
    expect(withDomain.at('Functions/pages/Function').properties).toMatchObject({
      Environment: { Variables: { PUBLIC_URL: 'https://api.example.com' } },
    });
  });
});

it('the stack stays far below the 500 resources that CloudFormation allows', () => {
  expect(resources.length).toBeLessThan(250);
});
