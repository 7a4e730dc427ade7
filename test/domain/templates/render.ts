import { prepareBarcodes } from '../../../shared/domain/templates/language/barcode.ts';
import { type RenderOptions, renderText } from '../../../shared/domain/templates/language/compile.ts';
import { lookupName } from '../../../shared/domain/templates/language/lookups.ts';
import { momentIn } from '../../../shared/domain/templates/language/moments.ts';
import { prepareFor } from '../../../shared/domain/templates/language/strip-tags.ts';
import { lookedUp } from '../../golden/template-language.ts';

await Promise.all([prepareFor('strip_html'), prepareBarcodes('barcode')]);

/** Monday, 23 November 2026, 21:53:48 UTC. */
export const present = Date.parse('2026-11-23T21:53:48Z');

export const options: RenderOptions = {
  now: momentIn(present, 'America/New_York'),
  links: {
    unsubscribe: 'https://m.example/p/u?a=1&b=2',
    manage_preferences: 'https://m.example/p/m',
    web_view: 'https://m.example/p/v',
  },
  propertyLink: (property, value, target) =>
    `https://m.example/p/s/${encodeURIComponent([property, value, target].join(' '))}`,
  found: new Map(lookedUp.map(([lookup, found]) => [lookupName(lookup), found])),
  asked: new Map(),
  money: (amount) => `$${amount.toFixed(2)}`,
  clock: () => present,
};

/** Renders a text with the options of the tests. */
export function rendered(source: string, context: Record<string, unknown> = {}): string {
  return renderText(source, context, { ...options, asked: new Map() }).text;
}
