// Links that lead on, and the picture that tells of an open. Where they lead stands in the token alone.
import {
  type By,
  noteClick,
  noteOpen,
  noteProperty,
  readLink,
  readShortLink,
} from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { nameOfError } from '../../shared/kernel/errors.ts';
import type { Ports } from '../../shared/ports.ts';
import { nowhere, show } from './page.ts';

const said = ({ headers }: HttpRequest, name: string): string => headers[name] ?? '';

/** Software that only looks whether something is there, or fetches ahead of the person. */
const looksAhead = (request: HttpRequest) =>
  request.method === 'HEAD' || /prefetch|preview/i.test(`${said(request, 'sec-purpose')} ${said(request, 'purpose')}`);

const saysSo = /bot\b|crawl|spider|scan|headless|preview/i;

/** Browsers, and nothing else that a person clicks with, call themselves so. */
const isBrowser = (agent: string) => /^(Mozilla|Opera)\/\d/.test(agent) && !saysSo.test(agent);

const clickedBy = (request: HttpRequest): By =>
  looksAhead(request) || !isBrowser(said(request, 'user-agent')) ? 'machine' : 'person';

/** Mail programs have names of many kinds. Apple's privacy protection, which opens everything, calls itself this. */
const openedBy = (request: HttpRequest): By => {
  const agent = said(request, 'user-agent').trim();
  return looksAhead(request) || agent === '' || agent === 'Mozilla/5.0' || saysSo.test(agent) ? 'machine' : 'person';
};

/** What cannot be noted is lost; the person still gets where they wanted to go. */
async function note(ports: Ports, work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    ports.log.error('interaction not noted', { error: nameOfError(error) });
  });
}

const quiet = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' };

const on = (url: string): HttpResponse => ({ status: 302, headers: { ...quiet, location: new URL(url).href } });

/** A link of a message, which leads on. */
export async function followClick(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'click', token);
  if (!link) return show(nowhere);
  await note(ports, noteClick(ports, link, clickedBy(request)));
  return on(link.url);
}

/** A link of a text: a few letters, which stand for the same. */
export async function followShort(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readShortLink(ports, token);
  if (!link) return show(nowhere);
  await note(ports, noteClick(ports, link, clickedBy(request)));
  return on(link.url);
}

/** A link whose follower says something of themselves with it. */
export async function followProperty(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'property', token);
  if (!link) return show(nowhere);
  await note(ports, noteProperty(ports, link, clickedBy(request)));
  return on(link.url);
}

/** A GIF of one transparent point, all of whose bytes are ASCII. */
const point = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64').toString('latin1');

/** The picture at the end of an email. */
export async function openPicture(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'open', token);
  if (!link) return show(nowhere);
  await note(ports, noteOpen(ports, link, openedBy(request)));
  return { status: 200, headers: { ...quiet, 'content-type': 'image/gif' }, body: point };
}
