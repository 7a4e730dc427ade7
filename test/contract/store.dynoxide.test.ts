import { it } from 'vitest';
import { createAwsStore } from '../../shared/adapters/aws/store.ts';
import { startDynoxide, whyNoDynoxide } from '../support/dynoxide.ts';
import { describeStore } from './store.ts';

const missing = whyNoDynoxide();

const skip = [
  { test: 'refuses index keys that are too long', reason: 'dynoxide 1.2.1 takes index keys of any length' },
];

if (missing === undefined) {
  describeStore(
    'the AWS store on dynoxide',
    async (meter) => {
      const { client, tableName, stop } = await startDynoxide();
      return { store: createAwsStore({ client, tableName, meter }), stop };
    },
    { skip },
  );
} else {
  it.skip(`the AWS store keeps the store's contract (${missing})`);
  console.warn(`The AWS store is not held to its contract: ${missing}.`);
}
