import { refuse } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { TemplateError } from './language/failure.ts';
import { renderTemplate } from './render-template.ts';
import type { TemplateBody } from './template.ts';

/** A template rendered for a look at it; its links lead to a page that says so. 400 when it cannot be rendered. */
export async function previewOf(
  ports: Pick<Ports, 'clock' | 'settings'>,
  owner: Pick<AccountItem, 'timezone' | 'currency'>,
  template: TemplateBody,
  context: Readonly<Record<string, unknown>>,
): Promise<{ html: string; text: string }> {
  const page = `${ports.settings.publicUrl}/p/preview`;
  const { timezone, currency } = owner;
  const links = { unsubscribe: page, manage_preferences: page };
  try {
    const { html, text } = await renderTemplate(template, context, {
      timezone,
      currency,
      links,
      now: ports.clock.now(),
      clock: ports.clock,
    });
    return { html, text };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const place = `line ${error.line}, column ${error.column}`;
    throw refuse('invalid', `The template cannot be rendered (${place}): ${error.message}`, '/data/id');
  }
}
