// What links of emails carry for the owner's web analytics (behaviour 9): parameters, and what their values stand for.
/** The values of parameters that follow from the message and its person. */
export const dynamicValues = {
  flow: [
    'email_subject',
    'flow_id',
    'flow_name',
    'link_alt_text',
    'message_name',
    'message_name_id',
    'message_type',
    'profile_external_id',
    'profile_id',
  ],
  campaign: [
    'campaign_id',
    'campaign_name',
    'campaign_name_id',
    'campaign_name_send_day',
    'email_subject',
    'group_id',
    'group_name',
    'group_name_id',
    'link_alt_text',
    'message_type',
    'profile_external_id',
    'profile_id',
  ],
} as const;

export type DynamicValue = (typeof dynamicValues)['flow' | 'campaign'][number];

/** What a parameter says: a text as it is, or what a word stands for. */
export type ParamValue = { type: 'static'; value: string } | { type: 'dynamic'; value: DynamicValue };

export interface Param {
  name: string;
  value: ParamValue;
}

/** What the words stand for; what is not known is left out of links. */
export type ParamFacts = { readonly [Name in DynamicValue]?: string };

/** `Name (id)`. */
export const withId = (name: string, id: string): string => `${name} (${id})`;

/** The address with the parameters that it does not have yet; all else of it stays to the letter. */
export function withParams(url: string, params: readonly Param[], facts: ParamFacts): string {
  const cut = url.indexOf('#');
  const [before, fragment] = cut < 0 ? [url, ''] : [url.slice(0, cut), url.slice(cut)];
  const known = new URL(url).searchParams;
  const added = new URLSearchParams();
  for (const { name, value } of params) {
    const said = value.type === 'static' ? value.value : facts[value.value];
    if (said !== undefined && said !== '' && !known.has(name) && !added.has(name)) added.set(name, said);
  }
  if (added.size === 0) return url;
  const joint = !before.includes('?') ? '?' : /[?&]$/.test(before) ? '' : '&';
  return `${before}${joint}${added.toString()}${fragment}`;
}
