import { refuse } from '../../kernel/errors.ts';

/** There are no images yet: a link to one leads nowhere. A 404 at `pointer`. */
export function refuseImage(
  relationships: { image?: { data?: { id: string } | undefined } | undefined } | undefined,
  pointer: string,
): void {
  const id = relationships?.image?.data?.id;
  if (id !== undefined) throw refuse('not_found', `An image with id ${id} does not exist.`, pointer);
}
