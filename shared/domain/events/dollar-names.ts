// The names that the first version of the API, and scripts written for it, give to what has a place of its own today. Used
// by the onsite script too: imports nothing.

type Bag = Readonly<Record<string, unknown>>;

const attributes = ['email', 'phone_number', 'first_name', 'last_name', 'organization', 'title', 'image', 'locale'];
const places = ['address1', 'address2', 'city', 'region', 'country', 'zip', 'timezone', 'latitude', 'longitude'];

const named = new Map<string, string>([
  ...attributes.flatMap((name): [string, string][] => [
    [name, name],
    [`$${name}`, name],
  ]),
  ['external_id', 'external_id'],
  ['$id', 'external_id'],
  ['_kx', '_kx'],
  ['$exchange_id', '_kx'],
  ['anonymous_id', 'anonymous_id'],
  ['$anonymous', 'anonymous_id'],
]);
const placed = new Map(places.map((name) => [`$${name}`, name]));
const ofEvent = new Map([
  ['$event_id', 'unique_id'],
  ['$value', 'value'],
  ['$value_currency', 'value_currency'],
]);

/** The entries that `names` has a name for, under that name, and the others. Not by assignment: a key may be __proto__. */
function apart(entries: readonly (readonly [string, unknown])[], names: ReadonlyMap<string, string>) {
  const known = entries.flatMap(([key, value]) => (names.has(key) ? [[names.get(key) ?? key, value] as const] : []));
  return { known: Object.fromEntries(known), others: entries.filter(([key]) => !names.has(key)) };
}

/** The attributes of a profile in a request of today, of one bag that holds everything. */
export function profileAttributesOf(told: Bag): Record<string, unknown> {
  const { known, others } = apart(Object.entries(told), named);
  const { known: location, others: properties } = apart(others, placed);
  return {
    ...known,
    ...(Object.keys(location).length > 0 && { location }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  };
}

/** The attributes of an event in a request of today, of its properties; an id that is a number becomes a text. */
export function eventAttributesOf(told: Bag): Record<string, unknown> {
  const { known, others } = apart(Object.entries(told), ofEvent);
  const { unique_id, ...rest } = known;
  return {
    ...rest,
    ...(unique_id !== undefined && { unique_id: typeof unique_id === 'number' ? String(unique_id) : unique_id }),
    properties: Object.fromEntries(others),
  };
}
