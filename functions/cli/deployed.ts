// What the owner's commands work on in AWS, deployed or rehearsed.
import { createClock } from '../../shared/adapters/aws/clock.ts';
import { createIds } from '../../shared/adapters/aws/ids.ts';
import { startRedrive } from '../../shared/adapters/aws/redrive.ts';
import { awsStore, awsStoreAt } from '../../shared/adapters/aws/table.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Deployment } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** A deployed system, with the credentials and the region of the environment. */
export function deployed(at: { table: string | undefined; deadLetters: string | undefined }): Deployment {
  const clock = createClock();
  const tableName = () => {
    if (at.table === undefined) throw new UsageError('--table is missing: the name of the deployed table.');
    return at.table;
  };
  return {
    // Asked for by the commands that need it: putting dead letters back takes no table.
    get registry() {
      return { store: awsStore(tableName), clock, ids: createIds({ clock }) };
    },
    redrive: async (queue) => {
      if (at.deadLetters === undefined) throw new UsageError('--dead-letters ARN is missing.');
      await startRedrive(at.deadLetters);
      return `SQS moves the dead letters of ${queue} back.`;
    },
  };
}

/** A rehearsed one, on its clock. */
export function rehearsed(options: {
  place: Parameters<typeof awsStoreAt>[0];
  table: string;
  clock: Clock;
  redrive: Deployment['redrive'];
}): Deployment {
  const { place, table, clock, redrive } = options;
  return { registry: { store: awsStoreAt(place, table), clock, ids: createIds({ clock }) }, redrive };
}
