// The page on which people choose what they get: boxes to tick, one button, no script.
import type { Choice, Wish } from '../../shared/domain/consent/index.ts';
import { choosePreferences, nameOfChoice, preferencesOf, readLink } from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { escapeHtml } from '../../shared/kernel/html.ts';
import type { Ports } from '../../shared/ports.ts';
import { framed, nowhere } from './page.ts';
import { type Spoken, wordsFor } from './words/index.ts';

/** The page of a preferences link: GET shows, for software follows links too; POST saves, as often as it comes. */
export async function preferencesPage(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'preferences', token);
  if (!link) return nowhere(request);
  const spoken = wordsFor(request);
  if (request.method !== 'POST') return page(spoken, link.owner.name, await preferencesOf(ports, link));
  const choices = await choosePreferences(ports, link, wishesIn(request.body ?? ''));
  return page(spoken, link.owner.name, choices, `<p role="status">${escapeHtml(spoken.preferences.saved)}</p>`);
}

function page(
  { language, preferences: words }: Spoken,
  name: string,
  choices: readonly Choice[],
  said = '',
): HttpResponse {
  const box = boxOf(words);
  const lists = choices.filter(({ what }) => what === 'list');
  const channels = choices.filter(({ what }) => what !== 'list');
  const html = [
    said,
    `<p>${escapeHtml(words.asks(name))}</p><form method="post">`,
    group(words.channels, channels.map(box)),
    ...(lists.length > 0
      ? [group(words.lists, lists.map(box), `<p id="of-lists">${escapeHtml(words.ofLists)}</p>`)]
      : []),
    `<button type="submit">${escapeHtml(words.save)}</button></form>`,
  ].join('');
  return framed({ status: 200, language, title: words.title }, html);
}

const group = (legend: string, boxes: readonly string[], note = ''): string =>
  `<fieldset><legend>${escapeHtml(legend)}</legend>${note}${boxes.join('')}</fieldset>`;

/** What was shown travels along: whatever else was changed meanwhile is left alone. */
const boxOf =
  (words: Spoken['preferences']) =>
  (choice: Choice): string => {
    const value = escapeHtml(nameOfChoice(choice));
    const name = escapeHtml(choice.what === 'list' ? choice.name : words[choice.what]);
    const shown = `<input type="hidden" name="${choice.on ? 'was' : 'was-not'}" value="${value}">`;
    const checked = choice.on ? ' checked' : '';
    return `<label><input type="checkbox" name="on" value="${value}"${checked}>${name}</label>${shown}`;
  };

/** What the form asks to change: what is not as it was shown. Lists are joined only by those who take email. */
function wishesIn(body: string): Wish[] {
  const form = new URLSearchParams(body);
  const on = new Set(form.getAll('on'));
  const leaving = form.getAll('was').filter((value) => !on.has(value));
  const joining = form.getAll('was-not').filter((value) => on.has(value) && (on.has('email') || !isList(value)));
  return [...leaving.flatMap((value) => wishOf(value, false)), ...joining.flatMap((value) => wishOf(value, true))];
}

const isList = (value: string) => value.startsWith('list ');

function wishOf(value: string, on: boolean): Wish[] {
  if (isList(value)) return [{ what: 'list', id: value.slice('list '.length), on }];
  return value === 'email' || value === 'sms' || value === 'push' ? [{ what: value, on }] : [];
}
