// DynamoDB: dynoxide, a server beside us, with the table of the template in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Act } from './iam.ts';
import { forward } from './forward.ts';
import type { Resource } from './template.ts';
import { arnOf } from './names.ts';
import { type AwsRequest, bodyOf, type Service } from './wire.ts';

/** Calls the database in its own name, unsigned and unchecked. */
export type CallDatabase = (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>;

export interface Database {
  service: Service;
  call: CallDatabase;
  /** The records of the table's stream since the last call, at most 1000. */
  nextRecords: () => Promise<DynamoDBRecord[]>;
  stop: () => Promise<void>;
}

/** Where the server lies; undefined when its optional package is not installed. */
export function dynoxide(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  } catch {
    return undefined;
  }
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems']);

/** Starts the server with a table of the template. `onWrite` hears of every write that was done. */
export async function startDatabase(table: Resource, onWrite: () => void): Promise<Database> {
  const binary = dynoxide();
  if (binary === undefined)
    throw new Error('The rehearsal needs the optional package @dynoxide/linux-x64, which is not installed.');
  const port = await freePort();
  const server = spawn(binary, ['--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => void server.kill();
  process.once('exit', kill);
  // Its first words are that it listens.
  await once(server.stderr, 'data');
  const base = `http://127.0.0.1:${port}`;
  const ask = caller(base);
  const call: CallDatabase = async (operation, input) => {
    const answer = await ask(operation, input);
    if (writes.has(operation.split('.')[1] ?? '')) onWrite();
    return answer;
  };
  await call('DynamoDB_20120810.CreateTable', tableInput(table));
  const nextRecords = await reader(call, table.ref);
  return {
    call,
    nextRecords,
    service: {
      acts: actsOf,
      async answer(request) {
        const answer = await forward(base, request);
        if (answer.status === 200 && writes.has(request.operation)) onWrite();
        return answer;
      },
    },
    async stop() {
      process.removeListener('exit', kill);
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

const streamed = z.object({ StreamSpecification: z.object({ StreamViewType: z.string() }) });

/** The table as CreateTable takes it. */
function tableInput({ ref, properties }: Resource) {
  const { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema, LocalSecondaryIndexes } = properties;
  return {
    TableName: ref,
    ...{ AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema, LocalSecondaryIndexes },
    StreamSpecification: { StreamEnabled: true, ...streamed.parse(properties).StreamSpecification },
  };
}

function caller(base: string): CallDatabase {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=operator/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';
  return async (operation, input) => {
    const { status, body } = await forward(base, {
      method: 'POST',
      target: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': operation,
        'x-amz-date': '20260101T000000Z',
        authorization,
      },
      body: Buffer.from(JSON.stringify(input)),
    });
    if (status !== 200) throw new Error(`${operation}: ${body.toString('utf8')}`);
    return JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  };
}

const described = z.object({ Table: z.object({ LatestStreamArn: z.string() }) });
const shards = z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) });
const iterator = z.object({ ShardIterator: z.string() });

/** Reads the stream's only shard from its beginning. */
async function reader(call: CallDatabase, TableName: string): Promise<Database['nextRecords']> {
  const stream = (operation: string, input: object) => call(`DynamoDBStreams_20120810.${operation}`, input);
  const { Table } = described.parse(await call('DynamoDB_20120810.DescribeTable', { TableName }));
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = shards.parse(await stream('DescribeStream', { StreamArn }));
  const ShardId = StreamDescription.Shards[0]?.ShardId;
  const from = await stream('GetShardIterator', { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
  let { ShardIterator } = iterator.parse(from);
  return async () => {
    const answer = await stream('GetRecords', { ShardIterator });
    ShardIterator = String(answer.NextShardIterator);
    return answer.Records as DynamoDBRecord[];
  };
}

const single = z.object({ TableName: z.string(), IndexName: z.optional(z.string()) });
const batch = z.object({ RequestItems: z.record(z.string(), z.unknown()) });
const action = z.object({ TableName: z.string() });
const transaction = z.object({ TransactItems: z.array(z.record(z.string(), action)) });

/** What IAM calls the parts of a transaction. */
const parts: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};

const tableArn = (name: string) => (name.startsWith('arn:') ? name : arnOf('dynamodb', `table/${name}`));

function actsOf(request: AwsRequest): Act[] {
  const input = bodyOf(request);
  if (request.operation.startsWith('Transact')) {
    return transaction.parse(input).TransactItems.flatMap((item) =>
      Object.entries(item).map(([part, { TableName }]) => ({
        action: `dynamodb:${parts[part] ?? part}`,
        resource: tableArn(TableName),
      })),
    );
  }
  if (request.operation.startsWith('Batch')) {
    return Object.keys(batch.parse(input).RequestItems).map((name) => ({
      action: `dynamodb:${request.operation}`,
      resource: tableArn(name),
    }));
  }
  const { TableName, IndexName } = single.parse(input);
  const resource = `${tableArn(TableName)}${IndexName === undefined ? '' : `/index/${IndexName}`}`;
  return [{ action: `dynamodb:${request.operation}`, resource }];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
