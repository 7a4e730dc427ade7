// Calls to a local world, as an integrator's.
import { seeded } from '../../functions/local/seed.ts';
import type { World } from '../../functions/local/world.ts';

/** Calls the API with the seeded key; throws on anything but a 2xx. Answers the document, `{}` where there is none. */
export async function callWorld(
  world: Pick<World, 'request'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { status, body: text = '' } = await world.request({
    method,
    path,
    headers: {
      authorization: `Klaviyo-API-Key ${seeded.key}`,
      revision: '2026-07-15',
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
  return JSON.parse(text === '' ? '{}' : text);
}
