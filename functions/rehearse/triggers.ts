// What makes Lambda invoke the functions: event source mappings, asynchronous invocations, the routes of the HTTP API.
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Instant, minute } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import { createLanes } from '../local/follow-stream.ts';
import type { RouteSpec } from '../local/gateway.ts';
import { queueSource } from '../local/poll-queue.ts';
import type { Invoke, Source } from '../local/source.ts';
import type { Database } from './dynamodb.ts';
import type { Expiry } from './expire.ts';
import { type Iam, onBehalfOf } from './iam.ts';
import { arnOf } from './names.ts';
import type { Queues } from './sqs.ts';
import type { Deployed } from './template.ts';
import type { Lambda } from './workers.ts';

/** Strict: a filter or a window that we do not apply must not pass unseen. */
const mapping = z.strictObject({
  BatchSize: z.number(),
  BisectBatchOnFunctionError: z.optional(z.literal(true)),
  DestinationConfig: z.optional(z.object({ OnFailure: z.object({ Destination: z.string() }) })),
  EventSourceArn: z.string(),
  FilterCriteria: z.optional(z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) })),
  FunctionName: z.string(),
  FunctionResponseTypes: z._default(z.array(z.literal('ReportBatchItemFailures')), []),
  MaximumBatchingWindowInSeconds: z.optional(z.literal(0)),
  MaximumRecordAgeInSeconds: z._default(z.number(), 86_400),
  ParallelizationFactor: z._default(z.number(), 1),
  ScalingConfig: z._default(z.object({ MaximumConcurrency: z.number() }), { MaximumConcurrency: 1000 }),
  StartingPosition: z.optional(z.literal('TRIM_HORIZON')),
});
type Mapping = z.infer<typeof mapping>;

export interface Parts {
  deployed: Deployed;
  clock: Clock;
  iam: Iam;
  queues: Queues;
  database: Database;
  expiry: Expiry;
  /** The functions, by ARN and by name. */
  lambdas: ReadonlyMap<string, Lambda>;
  /** How many events one function works on at a time. */
  containers: number;
}

type AttributeMap = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

/** By attribute, the strings that it may be. */
const image = z.record(z.string(), z.strictObject({ S: z.array(z.string()) }));
const pattern = z.strictObject({
  eventName: z.optional(z.array(z.string())),
  dynamodb: z.partialRecord(z.enum(['NewImage', 'OldImage']), image),
});

/** Whether a mapping takes a record: without filters every one, otherwise what one of them lets through. */
function filterOf({ FilterCriteria }: Mapping): (record: DynamoDBRecord) => boolean {
  if (!FilterCriteria) return () => true;
  const patterns = FilterCriteria.Filters.map(({ Pattern }) => pattern.parse(JSON.parse(Pattern)));
  const holds = (shown: AttributeMap | undefined, wanted: z.infer<typeof image> = {}) =>
    Object.entries(wanted).every(([name, { S }]) => S.includes(shown?.[name]?.S ?? ''));
  return ({ eventName = '', dynamodb }) =>
    patterns.some(
      ({ eventName: names = [eventName], dynamodb: images }) =>
        names.includes(eventName) &&
        holds(dynamodb?.NewImage, images.NewImage) &&
        holds(dynamodb?.OldImage, images.OldImage),
    );
}

/** All event source mappings. `onWrite` tells them that the table's stream may have something new. */
export function eventSources(parts: Parts): { sources: readonly Source[]; onWrite: () => void } {
  const mappings = parts.deployed.ofType('AWS::Lambda::EventSourceMapping').map((one) => mapping.parse(one.properties));
  const made = mappings.map((one) =>
    one.EventSourceArn.includes(':sqs:') ? fromQueue(one, parts) : fromStream(one, parts),
  );
  return {
    sources: made.flatMap(({ sources }) => sources),
    onWrite: () => made.forEach(({ onWrite }) => onWrite()),
  };
}

interface Made {
  sources: readonly Source[];
  onWrite: () => void;
}

/** The function of a mapping; what it answers counts only where the mapping says so. */
function targetOf(
  { FunctionName, FunctionResponseTypes }: Mapping,
  { lambdas }: Parts,
): { lambda: Lambda; invoke: Invoke } {
  const lambda = lambdas.get(FunctionName);
  if (!lambda) throw new Error(`An event source mapping names ${FunctionName}, which is not there.`);
  if (FunctionResponseTypes.length > 0) return { lambda, invoke: lambda.invoke };
  return { lambda, invoke: async (event) => lambda.invoke(event).then(() => ({ batchItemFailures: [] })) };
}

function fromQueue(one: Mapping, parts: Parts): Made {
  const { lambda, invoke } = targetOf(one, parts);
  const acts = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  // Lambda polls with the function's role, and checks it when the mapping is made.
  parts.iam.demand(
    { role: lambda.role },
    acts.map((action) => ({ action, resource: one.EventSourceArn })),
  );
  const queue = parts.queues.polled(one.EventSourceArn);
  const concurrency = Math.min(one.ScalingConfig.MaximumConcurrency, parts.containers);
  return { sources: [queueSource({ queue, batch: one.BatchSize, concurrency, invoke })], onWrite: () => undefined };
}

function fromStream(one: Mapping, parts: Parts): Made {
  const { lambda, invoke } = targetOf(one, parts);
  const { clock, database, expiry, iam, queues } = parts;
  const role = { role: lambda.role };
  const acts = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
  iam.demand(
    role,
    acts.map((action) => ({ action, resource: one.EventSourceArn })),
  );
  const destination = one.DestinationConfig?.OnFailure.Destination;
  const lanes = createLanes<DynamoDBRecord>({
    recordOf: ({ work }) => work,
    clock,
    batch: one.BatchSize,
    hours: one.MaximumRecordAgeInSeconds / 3600,
    parallel: one.ParallelizationFactor,
    invoke,
    giveUp(record) {
      if (destination === undefined) return;
      iam.demand(role, [{ action: 'sqs:SendMessage', resource: destination }]);
      queues.bury(destination, JSON.stringify(record));
    },
  });
  const isWanted = filterOf(one);
  let unread = true;
  let reading = false;

  /** Reads what is new and spreads it over the lanes. */
  async function read(): Promise<void> {
    reading = true;
    unread = false;
    const records = await database.nextRecords().finally(() => (reading = false));
    if (records.length > 0) unread = true;
    for (const record of records.filter((record) => isChange(record) && isWanted(record))) {
      const told = asToldBy(expiry.seen(record), one.EventSourceArn, clock.now());
      const { Keys, SequenceNumber = '' } = told.dynamodb ?? {};
      lanes.push(Keys?.pk?.S ?? '', { work: told, sequence: SequenceNumber, at: clock.now() });
    }
  }

  const source: Source = {
    next: () => (unread && !reading ? read : undefined),
    dueAt: () => (unread ? clock.now() : undefined),
  };
  return { sources: [source, ...lanes.sources], onWrite: () => void (unread = true) };
}

/** DynamoDB writes no record for an item that stays as it is; dynoxide does. */
const isChange = ({ dynamodb }: DynamoDBRecord) =>
  dynamodb?.OldImage === undefined || !isDeepStrictEqual(dynamodb.OldImage, dynamodb.NewImage);

/** The record on the rehearsal's clock (whole seconds, as in AWS) and with the stream's own name. */
function asToldBy(record: DynamoDBRecord, eventSourceARN: string, now: Instant): DynamoDBRecord {
  const at = Math.floor(now / 1000);
  return {
    ...record,
    eventSourceARN,
    awsRegion: eventSourceARN.split(':')[3] ?? '',
    dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: at },
  };
}

const asyncConfig = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z._default(z.number(), 2),
  DestinationConfig: z.optional(z.object({ OnFailure: z.object({ Destination: z.string() }) })),
});

/** Asynchronous invocations: tried again after one minute and after two more, then handed to the function's destination. */
export function asyncInvocations({ deployed, clock, iam, queues, lambdas }: Parts): {
  source: Source;
  start: (functionArn: string, payload: unknown) => void;
} {
  const configs = new Map(
    deployed.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      const config = asyncConfig.parse(properties);
      return [config.FunctionName, config];
    }),
  );
  const waiting: { lambda: Lambda; payload: unknown; at: Instant; tries: number }[] = [];

  async function work(one: (typeof waiting)[number]): Promise<void> {
    const { lambda, payload, tries } = one;
    const config = configs.get(lambda.arn.split(':').at(-1) ?? '');
    try {
      await lambda.invoke(payload);
    } catch {
      if (tries < (config?.MaximumRetryAttempts ?? 2)) {
        waiting.push({ ...one, at: clock.now() + (tries + 1) * minute, tries: tries + 1 });
        return;
      }
      const destination = config?.DestinationConfig?.OnFailure.Destination;
      if (destination === undefined) return;
      iam.demand({ role: lambda.role }, [{ action: 'sqs:SendMessage', resource: destination }]);
      queues.bury(destination, JSON.stringify(payload));
    }
  }

  return {
    start(functionArn, payload) {
      const lambda = lambdas.get(functionArn);
      if (!lambda) throw new Error(`A schedule's target is ${functionArn}, which is not there.`);
      waiting.push({ lambda, payload, at: clock.now(), tries: 0 });
    },
    source: {
      next() {
        const index = waiting.findIndex(({ at }) => at <= clock.now());
        const [one] = index < 0 ? [] : waiting.splice(index, 1);
        return one && (async () => work(one));
      },
      dueAt: () => (waiting.length > 0 ? Math.min(...waiting.map(({ at }) => at)) : undefined),
    },
  };
}

const route = z.object({
  ApiId: z.string(),
  AuthorizationType: z.literal('NONE'),
  RouteKey: z.string(),
  Target: z.string(),
});
const integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

/** The routes of the HTTP API with the ARNs of their functions; each must let the gateway in. */
export function routesOf({ deployed, iam }: Parts): readonly RouteSpec<string>[] {
  const integrations = new Map(
    deployed.ofType('AWS::ApiGatewayV2::Integration').map((one) => [one.ref, integration.parse(one.properties)]),
  );
  return deployed.ofType('AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const { ApiId, RouteKey, Target } = route.parse(properties);
    const functionArn = integrations.get(Target.replace(/^integrations\//, ''))?.IntegrationUri;
    if (functionArn === undefined) throw new Error(`The route ${RouteKey} has no integration.`);
    const [method = '', path = ''] = RouteKey.split(' ');
    const context = onBehalfOf(arnOf('execute-api', `${ApiId}/$default/${method}${path}`));
    const act = { action: 'lambda:InvokeFunction', resource: functionArn, context };
    iam.demand({ service: 'apigateway.amazonaws.com' }, [act]);
    return { key: RouteKey, function: functionArn };
  });
}
