import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../../storage/store.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';
import { createAwsStore } from './store.ts';

/** The table of the function's environment. */
export function awsStore(environment: Environment): Store {
  return createAwsStore({ client: new DynamoDBClient(patience), tableName: environment('TABLE_NAME') });
}

/** A table reached at another endpoint than the environment's, in somebody's own name: that of the rehearsal. */
export function awsStoreAt(
  place: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } },
  tableName: string,
): Store {
  return createAwsStore({ client: new DynamoDBClient({ ...patience, ...place }), tableName });
}
