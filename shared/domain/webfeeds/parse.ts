// What a server answers as a value that templates can show.
import { xmlReader } from './xml.ts';

const limits = { deepest: 50, most: 50_000 };

/** The value of a JSON or XML text. Throws when it is none. */
export async function parsed(text: string, type: 'json' | 'xml'): Promise<unknown> {
  if (type === 'json') return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  const reader = await xmlReader(limits);
  reader.write(text);
  return reader.end();
}
