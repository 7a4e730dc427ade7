// Events as AWS sends them, for the chains; and a log that can be read.
import type { APIGatewayProxyEventV2, Context, SQSEvent } from 'aws-lambda';
import { createClock } from '../../shared/adapters/memory/clock.ts';
import { createLog } from '../../shared/adapters/memory/log.ts';

export const context = { functionName: 'test', awsRequestId: 'r1' } as Context;

/** Clock and log, and the lines that were logged. */
export function chainPorts() {
  const lines: Record<string, unknown>[] = [];
  const clock = createClock({ start: 0, real: false });
  const log = createLog({ clock, sink: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  return { clock, log, lines };
}

export function httpEvent(over: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: 'ANY /api/{proxy+}',
    rawPath: '/api/lists',
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    ...over,
    requestContext: {
      accountId: '1',
      apiId: 'x',
      domainName: 'x',
      domainPrefix: 'x',
      http: { method: 'POST', path: '/api/lists', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test' },
      requestId: 'req-1',
      routeKey: 'ANY /api/{proxy+}',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  };
}

export function sqsEvent(...bodies: string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `id-${index}`,
      receiptHandle: `receipt-${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'x',
        ApproximateFirstReceiveTimestamp: '0',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:local:0:q',
      awsRegion: 'local',
    })),
  };
}
