// What the AWS store makes of answers that no local database gives: leftovers, conflicts, throttling.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createAwsStore } from '../../shared/adapters/aws/store.ts';
import { ConditionFailed, isConflict, type Item, TransactionRefused } from '../../shared/storage/store.ts';

interface Call {
  operation: string;
  input: Record<string, unknown>;
}

type Answer = (call: Call) => { status?: number; body: Record<string, unknown> };

/** A store whose database gives these answers, the last one for ever; and the calls that reached it. */
function setUp(...answers: Answer[]) {
  const calls: Call[] = [];
  const client = new DynamoDBClient({
    region: 'local',
    endpoint: 'http://database.invalid',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async (request: { headers: Record<string, string>; body: Uint8Array }) => {
        const operation = request.headers['x-amz-target']!.split('.')[1]!;
        const call = {
          operation,
          input: JSON.parse(new TextDecoder().decode(request.body)) as Record<string, unknown>,
        };
        const answer = answers[Math.min(calls.length, answers.length - 1)]!;
        calls.push(call);
        const { status = 200, body } = answer(call);
        const headers = { 'content-type': 'application/x-amz-json-1.0' };
        return { response: { statusCode: status, headers, body: new TextEncoder().encode(JSON.stringify(body)) } };
      },
    } as never,
  });
  return { store: createAwsStore({ client, tableName: 'things' }), calls };
}

const fault = (type: string, rest: Record<string, unknown> = {}): Answer => {
  return () => ({ status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, ...rest } });
};
const cancelled = (...reasons: { Code: string; Item?: unknown }[]) =>
  fault('TransactionCanceledException', { CancellationReasons: reasons });
const done: Answer = () => ({ body: {} });

const item = (sk: string): Item => ({ pk: 'p', sk, kind: 'probe' });
const stored = { pk: { S: 'p' }, sk: { S: 'a' }, kind: { S: 'probe' } };
const at = (sk: string) => ({ pk: 'p', sk });
const caught = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error); // prettier-ignore
const two = [{ put: item('a'), if: { absent: true } }, { put: item('b') }] as const;

describe('a conflict', () => {
  it('of a single write with a transaction is contention', async () => {
    const error = await caught(setUp(fault('TransactionConflictException')).store.write({ put: item('a') }));
    expect(error).toBeInstanceOf(TransactionRefused);
    expect((error as TransactionRefused).contended).toBe(true);
  });

  it('of two transactions is contention, and no condition failed', async () => {
    const { store } = setUp(cancelled({ Code: 'TransactionConflict' }, { Code: 'None' }));
    const error = (await caught(store.transact(two))) as TransactionRefused;
    expect(error.contended).toBe(true);
    expect(error.refusals).toEqual([{ failed: false }, { failed: false }]);
  });

  it('and a failed condition are both told', async () => {
    const { store } = setUp(
      cancelled({ Code: 'ConditionalCheckFailed', Item: stored }, { Code: 'TransactionConflict' }),
    );
    const error = (await caught(store.transact(two))) as TransactionRefused;
    expect(error.contended).toBe(true);
    expect(error.refusals).toEqual([{ failed: true, current: item('a') }, { failed: false }]);
  });
});

describe('a refusal', () => {
  it('carries what stands there, or nothing', async () => {
    const refused = setUp(
      fault('ConditionalCheckFailedException', { Item: stored }),
      fault('ConditionalCheckFailedException'),
    ).store;
    const write = { put: item('a'), if: { absent: true } } as const;
    expect(await caught(refused.write(write))).toEqual(new ConditionFailed(item('a')));
    expect(((await caught(refused.write(write))) as ConditionFailed).current).toBeUndefined();
  });

  it.each(['ThrottlingError', 'ValidationError', 'ItemCollectionSizeLimitExceeded'])(
    'for %s is a fault, whatever else failed',
    async (Code) => {
      const { store } = setUp(cancelled({ Code: 'ConditionalCheckFailed' }, { Code }));
      expect(isConflict(await caught(store.transact(two)))).toBe(false);
    },
  );
});

describe('a transaction', () => {
  it('keeps its token when the client sends it again, and the next has another', async () => {
    const { store, calls } = setUp(() => ({ status: 500, body: {} }), done);
    await store.transact(two);
    await store.transact(two);
    const tokens = calls.map(({ input }) => input['ClientRequestToken']);
    expect(tokens).toHaveLength(3);
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });
});

describe('a batch', () => {
  const writesIn = ({ input }: Call) => (input['RequestItems'] as Record<string, unknown[]>)['things']!;
  const keysIn = ({ input }: Call) => (input['RequestItems'] as Record<string, { Keys: unknown[] }>)['things']!.Keys;
  const names = Array.from({ length: 30 }, (_, n) => `n${n}`);

  it('of writes sends again what was left', async () => {
    const leaves: Answer = (call) => ({ body: { UnprocessedItems: { things: writesIn(call).slice(0, 10) } } });
    const { store, calls } = setUp(leaves, done);
    await store.writeMany(names.map((sk) => ({ put: item(sk) })));
    expect(calls.map((call) => writesIn(call).length)).toEqual([25, 15]);
    expect(new Set(calls.flatMap((call) => writesIn(call).map((write) => JSON.stringify(write)))).size).toBe(30);
  });

  it('of reads sends again what was left', async () => {
    const answer = (from: number, left: number): Answer => {
      return (call) => ({
        body: {
          Responses: { things: keysIn(call).slice(from).map((key) => ({ ...(key as object), kind: { S: 'probe' } })) },
          ...(left > 0 && { UnprocessedKeys: { things: { Keys: keysIn(call).slice(0, left) } } }),
        },
      }); // prettier-ignore
    };
    const { store, calls } = setUp(answer(20, 20), answer(0, 0));
    const found = await store.getMany<Item>(names.map((sk) => at(sk)));
    expect(calls.map((call) => keysIn(call).length)).toEqual([30, 20]);
    expect(found).toEqual(names.map((sk) => item(sk)));
  });

  it('that takes nothing fails instead of going round for ever', async () => {
    const nothing: Answer = (call) => ({ body: { UnprocessedItems: { things: writesIn(call) } } });
    const { store, calls } = setUp(nothing);
    expect(isConflict(await caught(store.writeMany([{ put: item('a') }])))).toBe(false);
    expect(calls).toHaveLength(1);
  });
});

describe('the calls of the AWS store', () => {
  it('read consistently unless told otherwise, but never a global index', async () => {
    const { store, calls } = setUp(done);
    await store.get(at('a'));
    await store.get(at('a'), { consistent: false });
    await store.query({ partition: 'p' });
    await store.query({ index: 'byMetricTime', partition: 'p' });
    await store.query({ index: 'feed', partition: 'g', consistent: true });
    expect(calls.map(({ input }) => input['ConsistentRead'])).toEqual([true, false, true, true, false]);
  });

  it('ask for no capacity when nobody listens', async () => {
    const { store, calls } = setUp(done);
    await store.write({ put: item('a') });
    await store.transact(two);
    expect(calls.filter(({ input }) => 'ReturnConsumedCapacity' in input)).toEqual([]);
  });

  it('are not made for nothing', async () => {
    const { store, calls } = setUp(done);
    await store.getMany([]);
    await store.writeMany([]);
    await store.query({ partition: 'p', from: 'b', to: 'a' });
    expect(calls).toEqual([]);
  });
});
