// Links that lead on, and the picture that tells of an open. Where they lead stands in the token alone.
import { noteInteraction, readLink, readShortLink } from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { nameOfError } from '../../shared/kernel/errors.ts';
import { sortable } from '../../shared/kernel/time.ts';
import type { Interaction } from '../../shared/messages.ts';
import type { Ports } from '../../shared/ports.ts';
import { nowhere } from './page.ts';

const said = ({ headers }: HttpRequest, name: string): string => headers[name] ?? '';

/** Software that only looks whether something is there, or fetches ahead of the person. */
const looksAhead = (request: HttpRequest) =>
  request.method === 'HEAD' || /prefetch|preview/i.test(`${said(request, 'sec-purpose')} ${said(request, 'purpose')}`);

const saysSo = /bot\b|crawl|spider|scan|headless|preview/i;

/** Browsers, and nothing else that a person clicks with, call themselves so. */
const isBrowser = (agent: string) => /^(Mozilla|Opera)\/\d/.test(agent) && !saysSo.test(agent);

const clickedBy = (request: HttpRequest): Interaction['by'] =>
  looksAhead(request) || !isBrowser(said(request, 'user-agent')) ? 'machine' : 'person';

/** Mail programs have names of many kinds. Apple's privacy protection, which opens everything, calls itself this. */
const openedBy = (request: HttpRequest): Interaction['by'] => {
  const agent = said(request, 'user-agent').trim();
  return looksAhead(request) || agent === '' || agent === 'Mozilla/5.0' || saysSo.test(agent) ? 'machine' : 'person';
};

type Noted = Pick<Interaction, 'account' | 'profile' | 'message' | 'act' | 'by' | 'url' | 'says'>;

/** What cannot be noted now (the store has no room) is taken up later; the person gets where they wanted to go at once. */
async function note(ports: Ports, { account, profile, message, ...what }: Noted): Promise<void> {
  const at = sortable(ports.clock.now());
  const interaction = { type: 'interaction', account, profile, message, ...what, at } as const;
  try {
    await noteInteraction(ports, interaction);
  } catch (error) {
    ports.log.error('interaction not noted yet', { error: nameOfError(error) });
    await ports.queue.send('feedback', [{ body: interaction }]).catch((worse: unknown) => {
      ports.log.error('interaction lost', { error: nameOfError(worse) });
    });
  }
}

const quiet = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' };

const on = (url: string): HttpResponse => ({ status: 302, headers: { ...quiet, location: new URL(url).href } });

/** A link of a message, which leads on. */
export async function followClick(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'click', token);
  if (!link) return nowhere(request);
  await note(ports, { ...link, act: 'clicked', by: clickedBy(request) });
  return on(link.url);
}

/** A link of a text: a few letters, which stand for the same. */
export async function followShort(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readShortLink(ports, token);
  if (!link) return nowhere(request);
  await note(ports, { ...link, act: 'clicked', by: clickedBy(request) });
  return on(link.url);
}

/** A link whose follower says something of themselves with it. */
export async function followProperty(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'property', token);
  if (!link) return nowhere(request);
  const says: [string, string] = [link.property, link.value];
  await note(ports, { ...link, act: 'clicked', by: clickedBy(request), says });
  return on(link.url);
}

/** A GIF of one transparent point, all of whose bytes are ASCII. */
const point = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64').toString('latin1');

/** The picture at the end of an email. */
export async function openPicture(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'open', token);
  if (!link) return nowhere(request);
  await note(ports, { ...link, act: 'opened', by: openedBy(request) });
  return { status: 200, headers: { ...quiet, 'content-type': 'image/gif' }, body: point };
}
