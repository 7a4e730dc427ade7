import { expect, it } from 'vitest';
import { fullAccess, readAccount } from '../../../shared/domain/account/index.ts';
import type { Context } from '../../../shared/domain/context.ts';
import { flowTriggers } from '../../../shared/domain/flows/index.ts';
import { type Related, withRelated } from '../../../shared/domain/identity/index.ts';
import type { Resource } from '../../../shared/jsonapi/resource.ts';
import { setting } from '../setting.ts';

const resource = (type: string, id: string): Resource => ({ type, id, attributes: {} });

it('links each resource to what is asked for, and sends that along', async () => {
  const { ports, account } = await setting();
  const context: Context = { ports, account, owner: await readAccount(ports, account), scopes: new Set(fullAccess) };
  const twice: Related = {
    of: flowTriggers.of,
    load: (_context, id) => Promise.resolve([resource('flow', `${id}1`), resource('flow', `${id}2`)]),
  };
  const never: Related = { of: flowTriggers.of, load: () => Promise.reject(new Error('not asked for')) };
  const metrics = [resource('metric', 'A'), resource('metric', 'B')];
  const { resources, included } = await withRelated(
    context,
    metrics,
    { flows: twice, lists: never },
    new Set(['flows']),
  );
  expect(resources.map(({ relationships }) => relationships)).toEqual([
    {
      flows: [
        { type: 'flow', id: 'A1' },
        { type: 'flow', id: 'A2' },
      ],
    },
    {
      flows: [
        { type: 'flow', id: 'B1' },
        { type: 'flow', id: 'B2' },
      ],
    },
  ]);
  expect(included.map(({ id }) => id)).toEqual(['A1', 'A2', 'B1', 'B2']);
});
