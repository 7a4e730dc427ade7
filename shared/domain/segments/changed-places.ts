// Which of the places that conditions look at a change of a profile concerns.
import { own } from '../../kernel/bag.ts';
import { differ } from '../../kernel/json.ts';
import { personOf } from '../identity/index.ts';
import type { ProfileItem } from '../../storage/items.ts';
import type { Look } from './look.ts';
import { attributes, nameOf } from './properties.ts';

/** A message tells of no more, in characters: where so much changed, it may be any place. */
const mostTold = 4000;

const told = (places: string[]) => (JSON.stringify(places).length <= mostTold ? places : undefined);

/** The names (`nameOf`) of the places at which the two differ; undefined: of too many. */
export function changedPlaces(before: ProfileItem, after: ProfileItem): string[] | undefined {
  // Properties may be long: the same ones are not taken apart.
  const isSame = before.properties === after.properties;
  const seen = (item: ProfileItem) => personOf(isSame ? { ...item, properties: '{}' } : item);
  const [was, is] = [seen(before), seen(after)];
  const names = new Set([was.properties, is.properties].flatMap((bag) => Object.keys(bag)));
  const places = [
    ...attributes.filter((name) => was[name] !== is[name]),
    ...(differ(was.location, is.location) ? ['location'] : []),
    ...[...names]
      .filter((name) => differ(own(was.properties, name), own(is.properties, name)))
      .map((name) => nameOf({ in: 'properties', name })),
  ];
  return told(places);
}

/** The places that several looks tell of; undefined when one of them tells of any, or none of anything. */
export function placesOf(looks: readonly Pick<Look, 'properties' | 'places'>[]): string[] | undefined {
  const telling = looks.filter(({ properties }) => properties);
  if (telling.length === 0 || telling.some(({ places }) => places === undefined)) return undefined;
  return told([...new Set(telling.flatMap((one) => one.places ?? []))]);
}
