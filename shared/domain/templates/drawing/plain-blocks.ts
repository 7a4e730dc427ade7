// Blocks that show one thing: words, a picture, a line.
import { type Draw, around, button, propertiesOf, stylesOf } from './look.ts';
import { type Css, attribute, border, cell, image, lettering, padding, px, style } from './markup.ts';
import { number, part, text } from './read.ts';

export const drawText: Draw = (data) => {
  const styles = stylesOf(data);
  const inner = {
    ...lettering(styles),
    padding: padding(styles, 'inner'),
    'background-color': text(styles, 'background_color'),
  };
  const name = text(styles, 'extra_css_class');
  const named = name === undefined ? '' : ` class="${attribute(name)}"`;
  return cell(`<div${named}${style(inner)}>${text(data, 'content') ?? ''}</div>`, around(styles));
};

export const drawHtml: Draw = (data) => cell(text(data, 'content') ?? '');

export const drawButton: Draw = (data) => {
  const styles = stylesOf(data);
  const shown = button(styles, text(data, 'content') ?? '', text(propertiesOf(data), 'href'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'text_align') ?? 'center' });
};

const quoted = (name: string) => name.replaceAll(/['\\]/g, String.raw`\$&`);

/** A coupon: the recipient's own code, as a button where it leads somewhere. */
export const drawCoupon: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const name = text(properties, 'coupon') ?? text(properties, 'coupon_id');
  const code = name === undefined ? '' : `{% coupon_code '${quoted(name)}' %}`;
  const heading: Css = {
    'font-family': text(styles, 'header_font_family'),
    'font-size': px(number(styles, 'header_font_size')),
    padding: padding(styles, 'header'),
  };
  const header =
    properties['header_enabled'] === true ? `<div${style(heading)}>${text(data, 'content') ?? ''}</div>` : '';
  const href = text(properties, 'href');
  const look = { ...lettering(styles), padding: padding(styles, 'inner'), border: border(styles) };
  const shown = href === undefined ? `<span${style(look)}>${code}</span>` : button(styles, code, href);
  return cell(header + shown, { ...around(styles), 'text-align': text(styles, 'text_align') ?? 'center' });
};

const shadows: Readonly<Record<string, string>> = { dark: '#999999', light: '#eeeeee', medium: '#cccccc' };

export const drawShadow: Draw = (data) => {
  const styles = stylesOf(data);
  const color = shadows[text(styles, 'shadow_color') ?? 'medium'] ?? '#cccccc';
  return cell(`<div${style({ height: '4px', 'background-color': color })}></div>`, around(styles));
};

export const drawRule: Draw = (data) => {
  const styles = stylesOf(data);
  return cell(`<div${style({ 'border-top': border(styles) ?? '1px solid #cccccc' })}></div>`, around(styles));
};

export const drawSpacer: Draw = (data) => {
  const styles = stylesOf(data);
  const height = number(styles, 'height') ?? 20;
  const look = { height: px(height), 'line-height': px(height), 'background-color': text(styles, 'background_color') };
  return cell('&nbsp;', look);
};

export const drawImage: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const cropped = part(properties, 'cropping_properties');
  const source = text(cropped, 'src') ?? text(properties, 'src');
  const look = { width: px(number(styles, 'width')), border: border(styles), padding: padding(styles, 'inner') };
  const shown = image({ ...properties, src: source }, look, number(styles, 'width') ?? number(styles, 'max_width'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'align') ?? 'center' });
};

/** A picture that leads to the video: mail programs play none. */
export const drawVideo: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const look = { width: px(number(styles, 'width')), border: border(styles) };
  const shown = image(properties, look, number(styles, 'width') ?? number(styles, 'max_width'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'align') ?? 'center' });
};
