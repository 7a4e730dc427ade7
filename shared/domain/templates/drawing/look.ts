// What several kinds of blocks are drawn with.
import { type Css, border, lettering, linked, padding, px } from './markup.ts';
import { type Part, number, part, text } from './read.ts';

export type Draw = (data: Part, block: Part) => string;

export const stylesOf = (data: Part) => part(data, 'styles');
export const propertiesOf = (data: Part) => part(data, 'properties');

/** What stands around every block. */
export const around = (styles: Part): Css => ({
  'background-color': text(styles, 'block_background_color'),
  padding: padding(styles, 'block'),
  border: border(styles, 'block_'),
});

/** A button: a link that fills a colored cell. */
export function button(styles: Part, words: string, address: string | undefined): string {
  const look: Css = {
    ...lettering(styles),
    display: 'inline-block',
    'background-color': text(styles, 'background_color'),
    border: border(styles),
    'border-radius': px(number(styles, 'border_radius')),
    padding: padding(styles, 'inner'),
    'text-decoration': text(styles, 'text_decoration') ?? 'none',
    'text-align': 'center',
    width: styles['stretch'] === true ? '100%' : undefined,
  };
  return linked(address ?? '#', words, look);
}
