import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { findImage } from '../images/index.ts';

/** The id of the image that a request links to, if it does; a 404 at `pointer` when there is none. */
export async function imageIn(
  ports: Ports,
  account: AccountId,
  relationships: { image?: { data?: { id: string } | undefined } | undefined } | undefined,
  pointer: string,
): Promise<{ image?: string }> {
  const id = relationships?.image?.data?.id;
  if (id === undefined) return {};
  if (await findImage(ports, account, id)) return { image: id };
  throw refuse('not_found', `An image with id ${id} does not exist.`, pointer);
}
