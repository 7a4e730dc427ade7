import { api, company } from './configuration.ts';
import { isBag } from './memory.ts';

/** `stranger`: the exchange token that names the person is none of this company's. `later`: worth another try. */
export type Outcome = 'taken' | 'refused' | 'stranger' | 'later';

/** Browsers let 64 KB go on when a page is left; a character has at most three bytes. */
const survivesThePage = 20_000;

/** Sends a document to the public API. Never throws. */
export async function post(path: string, document: object): Promise<Outcome> {
  const body = JSON.stringify(document);
  try {
    const response = await fetch(`${api}${path}?company_id=${company}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', revision: '2026-07-15' },
      credentials: 'omit',
      keepalive: body.length < survivesThePage,
      body,
    });
    if (response.ok) return 'taken';
    if (response.status >= 500 || response.status === 429) return 'later';
    return await reasonOf(response);
  } catch {
    return 'later';
  }
}

/** Says in the console what was refused: a developer looks there first. */
async function reasonOf(response: Response): Promise<Outcome> {
  const text = await response.text();
  if (text.includes('/_kx"')) return 'stranger';
  console.warn('klaviyo: refused', detailOf(text));
  return 'refused';
}

function detailOf(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    return isBag(answer) ? answer['errors'] : text;
  } catch {
    return text;
  }
}
