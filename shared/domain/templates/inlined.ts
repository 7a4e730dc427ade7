import { holding } from './language/held.ts';

/** Made on first use: most functions never render an email. */
let inline: Promise<(source: string) => string> | undefined;

/** The source of a template with its style sheets on the elements that they are about (inlining/inline.ts). */
export async function inlined(source: string): Promise<string> {
  if (!/<style[\s>]/i.test(source)) return source;
  inline ??= import('./inlining/inline.ts').then(({ inlineStyles }) => holding((source) => inlineStyles(source)));
  return (await inline)(source);
}
