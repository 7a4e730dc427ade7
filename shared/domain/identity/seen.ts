// Where a visitor was seen: what the network in front of us says of a request, which holds for a person until their own
// data says otherwise (behaviour 1.6).
import { isZone } from '../../kernel/zone.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { profileKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { attributesOf } from './person.ts';
import { type Location, isElsewhere } from './place.ts';

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/**
 * The place of the caller of a public operation; undefined when nobody told it. `viewer` holds CloudFront's headers, as
 * they are: who goes round CloudFront can send any, so what is no place is left out.
 */
export function seenIn({ viewer = {}, ip }: Pick<Context, 'viewer' | 'ip'>): { seen?: Location } {
  const said = (name: string) => viewer[`cloudfront-viewer-${name}`];
  const code = said('country');
  const seen = {
    country: code !== undefined && /^[A-Z]{2}$/.test(code) ? countries.of(code) : undefined,
    region: word(said('country-region')),
    city: word(said('city')),
    zip: word(said('postal-code')),
    latitude: degrees(said('latitude'), 90),
    longitude: degrees(said('longitude'), 180),
    timezone: zone(said('time-zone')),
  };
  const told = Object.entries(seen).filter(([, value]) => value !== undefined);
  if (told.length === 0) return {};
  return { seen: { ...Object.fromEntries(told), ...(ip !== undefined && { ip }) } };
}

const longestWord = 100;

/** Names come percent-encoded where they are not ASCII. */
function word(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = decoded(text).trim();
  return plain !== '' && plain.length <= longestWord && !/\p{Cc}/u.test(plain) ? plain : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function degrees(text: string | undefined, most: number): number | undefined {
  const value = Number(text);
  return text !== undefined && text.trim() !== '' && Math.abs(value) <= most ? value : undefined;
}

const zone = (name: string | undefined) => (name !== undefined && isZone(name) ? name : undefined);

/** True when the profile was last seen elsewhere. A hint: one that was read late is told again, or told next time. */
export async function hasMoved(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
  seen: Location | undefined,
): Promise<boolean> {
  if (seen === undefined) return false;
  const item = await store.get(profileKey(account, id), { consistent: false });
  return item === undefined || isElsewhere(attributesOf(item), seen);
}
