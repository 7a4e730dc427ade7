import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { TemplateError } from './language/failure.ts';
import type { Lookup } from './language/lookups.ts';
import { shownItem } from '../catalog/index.ts';
import { renderTemplate } from './render-template.ts';
import { inRounds } from './rounds.ts';
import type { TemplateBody } from './template.ts';

/**
 * A template rendered for a look at it: its links lead to a page that says so, coupons show a sample, and what is looked up
 * in vain is empty. 400 when it cannot be rendered.
 */
export async function previewOf(
  ports: Ports,
  account: AccountId,
  { timezone, currency }: Pick<AccountItem, 'timezone' | 'currency'>,
  template: TemplateBody,
  context: Readonly<Record<string, unknown>>,
): Promise<{ html: string; text: string }> {
  const page = `${ports.settings.publicUrl}/p/preview`;
  const settings = {
    ...{ timezone, currency, now: ports.clock.now(), clock: ports.clock },
    links: { unsubscribe: page, manage_preferences: page, web_view: page },
    propertyLink: () => page,
  };
  try {
    const end = await inRounds(
      (given) => renderTemplate(template, context, { ...settings, ...given }),
      async (asked, found) => {
        for (const [name, lookup] of asked) found.set(name, await shownIn(ports, account, lookup));
      },
    );
    if (!end || !('made' in end)) throw refuse('invalid', 'The template looks things up without end.', '/data/id');
    const { html, text } = end.made;
    return { html, text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const place = `line ${error.line}, column ${error.column}`;
    throw refuse('invalid', `The template cannot be rendered (${place}): ${error.message}`, '/data/id');
  }
}

async function shownIn(ports: Ports, account: AccountId, lookup: Lookup): Promise<unknown> {
  if (lookup.kind !== 'catalog') return undefined;
  const item = await shownItem(ports, account, lookup.id);
  return lookup.onlyPublished && !item?.published ? undefined : item;
}
