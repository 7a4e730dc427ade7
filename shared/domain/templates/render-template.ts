// Templates to what is sent: HTML, text part, single lines.
import type { Instant } from '../../kernel/time.ts';
import type { Clock } from '../../ports.ts';
import type { LinkPurpose } from './language/ast.ts';
import { inlined } from './inlined.ts';
import { prepareBarcodes } from './language/barcode.ts';
import { type RenderOptions, type Rendered, renderText } from './language/compile.ts';
import { TemplateError, failAt } from './language/failure.ts';
import type { Found, Lookup } from './language/lookups.ts';
import { momentIn } from './language/moments.ts';
import { prepareFor } from './language/strip-tags.ts';
import { deepestElements, isTooDeep } from './plain-text.ts';
import type { TemplateBody } from './template.ts';
import { textPartOf } from './text-part.ts';

/** What a rendering knows beside its context. */
export interface RenderSettings {
  /** The account's time zone: what `now` and its like show. */
  timezone: string;
  /** The account's currency, ISO 4217. */
  currency: string;
  /** The addresses behind the link tags. */
  links: Readonly<Record<LinkPurpose, string>>;
  /** The address that writes a property of the person and leads on to the target; absent: the target itself. */
  propertyLink?: (property: string, value: string, target: string) => string;
  /** What was looked up for the message; absent: nothing. */
  found?: Found;
  /** Gets what the rendering asks for beyond that. */
  asked?: Map<string, Lookup>;
  now: Instant;
  /** Measures the time that rendering takes. */
  clock: Clock;
}

export interface RenderedTemplate {
  html: string;
  text: string;
  /** The links that the HTML shows; a text part made of it shows the same ones. */
  linked: ReadonlySet<LinkPurpose>;
  /** The links that the text shows. */
  linkedInText: ReadonlySet<LinkPurpose>;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Amounts as people write them in the account's currency; a currency that does not exist counts as US dollars. */
function moneyFormat(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: /^[A-Z]{3}$/.test(currency) ? currency : 'USD',
  });
  formats.set(currency, format);
  return format;
}

function optionsOf({ timezone, currency, now, clock, ...given }: RenderSettings): RenderOptions {
  const {
    links,
    propertyLink = () => undefined,
    found = new Map<string, unknown>(),
    asked = new Map<string, Lookup>(),
  } = given;
  return {
    now: momentIn(now, timezone),
    ...{ links, propertyLink, found, asked },
    money: (amount) => moneyFormat(currency).format(amount),
    clock: () => clock.now(),
  };
}

type Context = Readonly<Record<string, unknown>>;

async function rendered(source: string, context: Context, options: RenderOptions): Promise<Rendered> {
  await Promise.all([prepareFor(source), prepareBarcodes(source)]);
  return renderText(source, context, options);
}

/** The HTML with its style sheets on its elements. */
async function renderedHtml(source: string, context: Context, options: RenderOptions): Promise<Rendered> {
  const prepared = await inlined(source);
  try {
    return await rendered(prepared, context, options);
  } catch (error) {
    if (prepared === source || !(error instanceof TemplateError)) throw error;
    // What is too long with its styles may not be without them; an error names the place in the author's own text.
    return rendered(source, context, options);
  }
}

/** Renders a template. Throws TemplateError when it cannot be read or needs more than a rendering may use. */
export async function renderTemplate(
  body: TemplateBody,
  context: Context,
  settings: RenderSettings,
): Promise<RenderedTemplate> {
  const options = optionsOf(settings);
  const made = await renderedHtml(body.html, context, options);
  const { text: html, linked } = made;
  if (body.text === undefined) {
    if (await isTooDeep(html))
      throw failAt(body.html, 0, `Elements may be nested ${deepestElements} deep, not deeper.`);
    return { html, text: await textPartOf(made), linked, linkedInText: linked };
  }
  const { text, linked: linkedInText } = await rendered(body.text, context, { ...options, escaping: false });
  return { html, text, linked, linkedInText };
}

/** Renders the text of an SMS or a push message: no HTML, its lines as they are. Throws TemplateError. */
export async function renderPlain(template: string, context: Context, settings: RenderSettings): Promise<string> {
  const { text } = await rendered(template, context, { ...optionsOf(settings), escaping: false });
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
    .trim();
}

/** Renders a subject, a sender's name, a preview: no HTML, one line. Throws TemplateError. */
export async function renderLine(line: string, context: Context, settings: RenderSettings): Promise<string> {
  const { text } = await rendered(line, context, { ...optionsOf(settings), escaping: false });
  // Values are put in late: whatever they hold, no second header line may come of them.
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
}
