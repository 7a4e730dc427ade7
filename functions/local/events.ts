// The events that AWS would hand to the functions, in their real shapes.
import { hash } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context, DynamoDBRecord, SQSRecord } from 'aws-lambda';
import type { Received } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import { marshal } from '../../shared/lambda/wire.ts';
import type { Change, Value } from '../../shared/storage/store.ts';

const region = 'local';
const awsAccount = '000000000000';

/** A request as it reaches the gateway. */
export interface GatewayRequest {
  method: string;
  /** Percent-encoded; may carry the query behind a question mark, where `query` is not given. */
  path: string;
  query?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  ip?: string;
}

/** Media types whose bodies the gateway hands on as text; it encodes all others. */
const textual = /^(text\/|application\/(json|xml|javascript))/;

function bodyOf(body: string | Uint8Array | undefined, type: string): { body?: string; isBase64Encoded: boolean } {
  if (body === undefined || body.length === 0) return { isBase64Encoded: false };
  if (typeof body === 'string' && textual.test(type)) return { body, isBase64Encoded: false };
  const bytes = Buffer.from(body as string);
  const text = textual.test(type) ? bytes.toString('utf8') : '';
  if (text !== '' && Buffer.from(text).equals(bytes)) return { body: text, isBase64Encoded: false };
  return { body: bytes.toString('base64'), isBase64Encoded: true };
}

/** A payload 2.0 event; `path` and `query` as the gateway hands them out: the path decoded, the query raw. */
export function httpEvent(
  request: GatewayRequest,
  at: { path: string; query: string; route: string; now: Instant; requestId: string },
): APIGatewayProxyEventV2 {
  const { method, ip = '127.0.0.1' } = request;
  const headers: Record<string, string> = { host: 'localhost', 'x-forwarded-for': ip };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  const { cookie, ...others } = headers;
  return {
    version: '2.0',
    routeKey: at.route,
    rawPath: at.path,
    rawQueryString: at.query,
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    headers: others,
    requestContext: {
      accountId: awsAccount,
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: { method, path: at.path, protocol: 'HTTP/1.1', sourceIp: ip, userAgent: headers['user-agent'] ?? '' },
      requestId: at.requestId,
      routeKey: at.route,
      stage: '$default',
      time: new Date(at.now).toUTCString(),
      timeEpoch: at.now,
    },
    ...bodyOf(request.body, headers['content-type'] ?? ''),
  };
}

/** The name of a thing in the local system, in AWS's form. */
export const localArn = (service: string, name: string) => `arn:aws:${service}:${region}:${awsAccount}:${name}`;

/** A message as a batch for a Lambda holds it; `queue` is the queue's ARN. */
export function sqsRecord(queue: string, message: Received): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt),
      SenderId: awsAccount,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    messageAttributes: {},
    get md5OfBody() {
      return hash('md5', message.body);
    },
    eventSource: 'aws:sqs',
    eventSourceARN: queue,
    awsRegion: queue.split(':')[3] ?? '',
  };
}

const image = (item: object) => marshal(item as Readonly<Record<string, Value | undefined>>);

/** A change as a record of the table's stream. */
export function streamRecord({ before, after, at, expired }: Change, sequence: string): DynamoDBRecord {
  const { pk, sk } = after ?? before ?? { pk: '', sk: '' };
  return {
    eventID: sequence,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: localArn('dynamodb', 'table/local/stream'),
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: at / 1000,
      Keys: marshal({ pk, sk }),
      ...(before && { OldImage: image(before) }),
      ...(after && { NewImage: image(after) }),
      SequenceNumber: sequence,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    ...(expired === true && { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
  };
}

/** The context of an invocation. No remaining time: a virtual clock has no deadline to race against. */
export function contextOf(name: string, requestId: string): Context {
  const context: Partial<Context> = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: localArn('lambda', `function:${name}`),
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
  };
  return context as Context;
}
