import { refuse } from '../../kernel/errors.ts';

/** Refuses an address, in the body of a request, that is given and is no https address; `what` is what has it, `A web feed`. */
export function refuseUnlessHttps(what: string, url: string | null | undefined): void {
  if (url === null || url === undefined) return;
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return;
  throw refuse('invalid', `${what} has an https address.`, '/data/attributes/url');
}
