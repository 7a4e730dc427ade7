import { confirmOptIn, isConfirmable } from '../../shared/domain/consent/index.ts';
import { readLink, unsubscribe } from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { followClick, followProperty, followShort, openPicture } from './follow.ts';
import { answerImage } from './image.ts';
import { type Page, nowhere, show } from './page.ts';
import { preferencesPage } from './preferences.ts';
import { viewPage } from './view.ts';

const preview: Page = {
  status: 200,
  title: 'This is a preview',
  text: 'In a message that is sent, this link leads to the page of the person who gets it.',
};

const gone: Page = {
  status: 200,
  title: 'You are unsubscribed',
  text: 'You will get no more marketing email at this address.',
};

/** Mailbox providers say so in the body when they unsubscribe for someone. */
const isOneClick = ({ body = '' }: HttpRequest) => /(^|[&\r\n])List-Unsubscribe=One-Click/i.test(body);

/** The page of an unsubscribe link: GET asks, for software follows links too; POST does it, as often as it comes. */
async function unsubscribePage(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'unsubscribe', token);
  if (!link) return show(nowhere);
  if (request.method === 'POST') {
    await unsubscribe(ports, link, isOneClick(request) ? 'ONE_CLICK_UNSUBSCRIBE' : 'PREFERENCE_PAGE');
    return show(gone);
  }
  const text = `Do you want no more marketing email from ${link.owner.name}?`;
  return show({ status: 200, title: 'Unsubscribe', text, button: 'Unsubscribe' });
}

const tooOld: Page = {
  status: 410,
  title: 'This link has expired',
  text: 'A confirmation link works for 72 hours. Please sign up again to get a new one.',
};

const confirmed: Page = {
  status: 200,
  title: 'Thank you',
  text: 'Your subscription is confirmed.',
};

/** The page of a confirmation link: GET asks, for mail scanners follow links; POST confirms, as often as it comes. */
async function confirmPage(ports: Ports, { method }: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'confirm', token);
  if (!link) return show(nowhere);
  const { account, owner } = link;
  if (method === 'POST') return show((await confirmOptIn(ports, account, link)) ? confirmed : tooOld);
  if (!(await isConfirmable(ports, account, link))) return show(tooOld);
  const text = `Do you want email from ${owner.name}?`;
  return show({ status: 200, title: 'Confirm your subscription', text, button: 'Confirm' });
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

const notAllowed: Page = { status: 405, title: 'Not possible', text: 'This page can only be opened.' };

/** Answers a request under /p/. */
export async function answer(ports: Ports, request: HttpRequest): Promise<HttpResponse> {
  const { method, path } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    const refusal = show(notAllowed);
    return { ...refusal, headers: { ...refusal.headers, allow: 'GET, HEAD, POST' } };
  }
  if (path === '/p/preview') return show(preview);
  if (path.startsWith('/p/images/')) return (await answerImage(ports, request)) ?? show(nowhere);
  const [, name = '', token = ''] = /^\/p\/([a-z]+)\/([^/]+)$/.exec(path) ?? [];
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined;
  return page ? page(ports, request, token) : show(nowhere);
}
