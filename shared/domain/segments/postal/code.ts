// How postal codes are written, country by country: to the part that the data knows.
import type { Country } from '../region.ts';

/** Where the data knows the beginning of a code only. */
const lengths: { readonly [C in Country]?: number } = { US: 5, CA: 3, NL: 4, IE: 3, MT: 3, PT: 4 };

/** A whole British code, whose last three characters are the inward part. */
const wholeBritish = /^([A-Z]{1,2}\d[A-Z\d]?)\d[A-Z]{2}$/;

/** The code in capitals without spaces and signs, or its beginning where that is what is known: of Britain the outward part. */
export function plainCode(country: Country, code: string): string {
  const plain = code.toUpperCase().replace(/[^A-Z\d]/g, '');
  if (country === 'GB') return wholeBritish.exec(plain)?.[1] ?? plain;
  // Some write the country before it: D-10115, LV-1001.
  const own = country === 'MT' || country === 'IE' || country === 'CA' ? plain : plain.replace(/^[A-Z]{1,2}(?=\d)/, '');
  return own.slice(0, lengths[country] ?? own.length);
}
