import { confirmOptIn, isConfirmable } from '../../shared/domain/consent/index.ts';
import { readLink, unsubscribe } from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { followClick, followProperty, followShort, openPicture } from './follow.ts';
import { answerImage } from './image.ts';
import { nowhere, show } from './page.ts';
import { preferencesPage } from './preferences.ts';
import { viewPage } from './view.ts';
import { wordsFor } from './words/index.ts';

/** Mailbox providers say so in the body when they unsubscribe for someone. */
const isOneClick = ({ body = '' }: HttpRequest) => /(^|[&\r\n])List-Unsubscribe=One-Click/i.test(body);

/** The page of an unsubscribe link: GET asks, for software follows links too; POST does it, as often as it comes. */
async function unsubscribePage(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'unsubscribe', token);
  if (!link) return nowhere(request);
  const words = wordsFor(request);
  if (request.method === 'POST') {
    await unsubscribe(ports, link, isOneClick(request) ? 'ONE_CLICK_UNSUBSCRIBE' : 'PREFERENCE_PAGE');
    return show(words, { status: 200, ...words.unsubscribed });
  }
  return show(words, { status: 200, ...words.unsubscribe, text: words.unsubscribe.text(link.owner.name) });
}

/** The page of a confirmation link: GET asks, for mail scanners follow links; POST confirms, as often as it comes. */
async function confirmPage(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'confirm', token);
  if (!link) return nowhere(request);
  const { account, owner } = link;
  const words = wordsFor(request);
  const tooOld = () => show(words, { status: 410, ...words.expired });
  if (request.method === 'POST') {
    const isConfirmed = await confirmOptIn(ports, account, link);
    return isConfirmed ? show(words, { status: 200, ...words.confirmed }) : tooOld();
  }
  if (!(await isConfirmable(ports, account, link))) return tooOld();
  return show(words, { status: 200, ...words.confirm, text: words.confirm.text(owner.name) });
}

const pages: Readonly<Record<string, (ports: Ports, request: HttpRequest, token: string) => Promise<HttpResponse>>> = {
  unsubscribe: unsubscribePage,
  preferences: preferencesPage,
  confirm: confirmPage,
  click: followClick,
  s: followShort,
  property: followProperty,
  open: openPicture,
  view: viewPage,
};

/** Answers a request under /p/. */
export async function answer(ports: Ports, request: HttpRequest): Promise<HttpResponse> {
  const { method, path } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    const words = wordsFor(request);
    const refusal = show(words, { status: 405, ...words.notAllowed });
    return { ...refusal, headers: { ...refusal.headers, allow: 'GET, HEAD, POST' } };
  }
  if (path === '/p/preview') {
    const words = wordsFor(request);
    return show(words, { status: 200, ...words.preview });
  }
  if (path.startsWith('/p/images/')) return (await answerImage(ports, request)) ?? nowhere(request);
  const [, name = '', token = ''] = /^\/p\/([a-z]+)\/([^/]+)$/.exec(path) ?? [];
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
  return page ? page(ports, request, token) : nowhere(request);
}
