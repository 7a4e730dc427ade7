// From templates to what is handed over, with all that they look up.
import type { Ports } from '../../ports.ts';
import { accountOf } from '../../storage/patterns.ts';
import { type RenderSettings, TemplateError, inRounds, renderPlain } from '../templates/index.ts';
import { contextOf } from './context.ts';
import type { SkipReason } from './decision.ts';
import { lookUp } from './look-up.ts';
import { type Circumstances, noLinks } from './prepare.ts';

/** What the templates of a message can lead to, and what becomes of it when they are broken. */
interface Making extends Pick<RenderSettings, 'links' | 'propertyLink'> {
  /** The reason that is kept when a template cannot be rendered. */
  broken: Extract<SkipReason, 'Unable to Send' | 'Unable to Send Email'>;
}

/** What `make` makes of the templates of a message, or why it is not sent. A template that cannot be rendered is logged. */
export async function made<T>(
  ports: Ports,
  about: Circumstances,
  { broken, ...making }: Making,
  make: (settings: RenderSettings) => Promise<T>,
): Promise<{ made: T } | { skip: SkipReason }> {
  const { timezone, currency } = about.owner;
  const settings = { ...making, timezone, currency, now: ports.clock.now(), clock: ports.clock };
  const where = { account: accountOf(about.item), message: about.item.id };
  try {
    const end = await inRounds(
      (given) => make({ ...settings, ...given }),
      (asked, found) => lookUp(ports, about, asked, found),
    );
    if (end && 'made' in end) return end;
    if (end) return { skip: end.stopped };
    ports.log.error('template looks things up without end', where);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { line, column } = error;
    ports.log.error('template cannot be rendered', { ...where, line, column });
  }
  return { skip: broken };
}

/** What `make` makes of templates of plain text, which it hands to `render` one by one; or why it is not sent. */
export async function madeOfPlain<T>(
  ports: Ports,
  about: Circumstances,
  make: (render: (template: string) => Promise<string>) => Promise<T>,
): Promise<{ made: T } | { skip: SkipReason }> {
  const { owner, item, profile } = about;
  const context = await contextOf(ports, owner, item, profile);
  return made(ports, about, { broken: 'Unable to Send', links: noLinks }, (settings) =>
    make((template) => renderPlain(template, context, settings)),
  );
}
