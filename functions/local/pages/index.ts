// The pages of the local system: plain HTML, made for every request from what is there.
import { ApiError, refuse } from '../../../shared/kernel/errors.ts';
import type { LocalSystem } from '../system.ts';
import { flowPage, flowsPage } from './flows.ts';
import { backTo, forms } from './forms.ts';
import { html } from './html.ts';
import { documentOf, pageHeaders } from './layout.ts';
import { emailBody, emailPage, messagePage } from './message.ts';
import { messagesPage } from './messages.ts';
import { overview } from './overview.ts';
import { peoplePage } from './people.ts';
import { personPage } from './person.ts';
import { listPage, segmentPage, segmentsPage } from './segments.ts';
import { type Page, type View, at, viewOf } from './view.ts';
import { workPage } from './work.ts';

/** A request to one of the pages; `path` without its query. */
interface PageRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  /** The request's `origin` and `host`. */
  origin: string | undefined;
  host: string | undefined;
}

interface PageAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

type Route = readonly [RegExp, (view: View, first: string, second: string) => Page | Promise<Page>];

const routes: readonly Route[] = [
  [/^\/(?:x\/local\/?)?$/, overview],
  [/^\/x\/local\/inbox$/, messagesPage],
  [/^\/x\/local\/inbox\/(\d+)$/, emailPage],
  [/^\/x\/local\/inbox\/([^/]+)\/([^/]+)$/, messagePage],
  [/^\/x\/local\/people$/, peoplePage],
  [/^\/x\/local\/people\/([^/]+)$/, personPage],
  [/^\/x\/local\/segments$/, segmentsPage],
  [/^\/x\/local\/segments\/([^/]+)$/, segmentPage],
  [/^\/x\/local\/lists\/([^/]+)$/, listPage],
  [/^\/x\/local\/flows$/, flowsPage],
  [/^\/x\/local\/flows\/([^/]+)$/, flowPage],
  [/^\/x\/local\/work$/, workPage],
];

const bodyPath = /^\/x\/local\/inbox\/(\d+)\/body$/;
const formPath = /^\/x\/local\/forms\/([a-z]+)$/;

/** Answers a request to a page or a form of a page: every answer is a page or leads to one. */
export async function answer(system: LocalSystem, request: PageRequest): Promise<PageAnswer> {
  const { method, path } = request;
  let view: View | undefined;
  try {
    const form = formPath.exec(path)?.[1];
    if (form !== undefined && method === 'POST') return await submit(system, form, request);
    if (method !== 'GET') throw refuse('method_not_allowed', 'This page can only be opened.');
    view = await viewOf(system, path, new URLSearchParams(request.query));
    const number = bodyPath.exec(path)?.[1];
    if (number !== undefined) return { status: 200, ...emailBody(view, number) };
    return { status: 200, headers: pageHeaders, body: documentOf(await pageAt(view), view) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, headers: pageHeaders, body: documentOf(failure(error), view) };
  }
}

function pageAt(view: View): Page | Promise<Page> {
  for (const [pattern, page] of routes) {
    const found = pattern.exec(view.path);
    if (found) return page(view, decoded(found[1]), decoded(found[2]));
  }
  throw refuse('not_found', 'There is no page at this address.');
}

/** Part of a path as its link was made; as it stands where it is no such part. */
function decoded(part = ''): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Does what a form asks for, when one of our own pages sent it. */
async function submit(system: LocalSystem, name: string, { body, origin, host }: PageRequest): Promise<PageAnswer> {
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (!form) throw refuse('not_found', 'There is no such form.');
  if (origin !== undefined && origin !== `http://${host ?? ''}`)
    throw refuse('permission_denied', 'This form was sent by a page of another origin.');
  const fields = new URLSearchParams(body);
  await form(system, fields);
  return { status: 303, headers: { location: backTo(fields), 'cache-control': 'no-store' }, body: '' };
}

function failure({ status, message }: ApiError): Page {
  const body = html`<p>${message}</p>
    <p><a href="${at()}">To the overview</a></p>`;
  return { title: status === 404 ? 'Not found' : 'That did not work', body };
}
