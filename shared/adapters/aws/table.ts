import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Store } from '../../storage/store.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';
import { createAwsStore } from './store.ts';

/** The table of the function's environment. */
export function awsStore(environment: Environment): Store {
  return createAwsStore({ client: new DynamoDBClient(patience), tableName: environment('TABLE_NAME') });
}
