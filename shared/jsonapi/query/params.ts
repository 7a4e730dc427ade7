import { refuse } from '../../kernel/errors.ts';

/** Longest query taken; a filter with a hundred long addresses, percent-encoded, fits twice. */
const maxLength = 65_536;

/**
 * The parameters of a raw query. `+` means a space. Refuses what cannot be decoded and a name that stands twice: which of the
 * two was meant nobody knows.
 */
export function paramsOf(query: string, longest = maxLength): Map<string, string> {
  if (query.length > longest) throw refuse('invalid', `The query is longer than ${longest} characters.`);
  const params = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decoded(at < 0 ? pair : pair.slice(0, at), 'The name of a query parameter');
    if (params.has(name))
      throw refuse('invalid', `The query parameter '${shown(name)}' stands more than once. Give it once.`, shown(name));
    params.set(name, at < 0 ? '' : decoded(pair.slice(at + 1), `The query parameter '${shown(name)}'`, name));
  }
  return params;
}

/** A text from the request as errors quote it: cut to 60 characters, control characters and lone surrogates replaced. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return short.replace(/\p{Cc}/gu, ' ').toWellFormed();
}

function decoded(text: string, what: string, parameter?: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuse(
      'parse_error',
      `${what} is not valid percent-encoded UTF-8. Write a literal % as %25.`,
      shown(parameter ?? text),
    );
  }
}
