import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { type IndexSpec, table } from '../../shared/storage/table.ts';

/** The table as CreateTable wants it, derived from its description. */
export function createTableInput(TableName: string): CreateTableCommandInput {
  const indexes = Object.entries<IndexSpec>(table.indexes);
  const keys = [table.partition, table.sort, ...indexes.flatMap(([, { partition, sort }]) => [partition, sort])];
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: schema(table),
    AttributeDefinitions: [...new Set(keys)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    LocalSecondaryIndexes: indexes.filter(([, { kind }]) => kind === 'local').map(secondary),
    GlobalSecondaryIndexes: indexes.filter(([, { kind }]) => kind === 'global').map(secondary),
  };
}

function schema({ partition, sort }: { partition: string; sort: string }) {
  return [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
}

function secondary([IndexName, spec]: [string, IndexSpec]) {
  const Projection =
    spec.projects === 'keys'
      ? { ProjectionType: 'KEYS_ONLY' as const }
      : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...spec.projects] };
  return { IndexName, KeySchema: schema(spec), Projection };
}
