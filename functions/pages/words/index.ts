// The languages of the pages for people: the reader's browser says which it is.
import Negotiator from 'negotiator';
import type { HttpRequest } from '../../../shared/jsonapi/http.ts';
import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';

/** The first is for everybody else. */
const languages = { en, de, es, fr } satisfies Readonly<Record<string, Words>>;

/** Words in the language that the page says it is in. */
export type Spoken = Words & { language: string };

/** The words for whoever sends this request, by what its Accept-Language asks for most. */
export function wordsFor({ headers }: Pick<HttpRequest, 'headers'>): Spoken {
  const known = Object.keys(languages) as (keyof typeof languages)[];
  const asked = new Negotiator({ headers: { 'accept-language': headers['accept-language'] } }).language(known);
  const language = known.find((name) => name === asked) ?? 'en';
  return { ...languages[language], language };
}
