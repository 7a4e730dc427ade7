// The script that sites load: the same text for all of a company's pages, with the company's name in front of it.
import { hash } from 'node:crypto';
import { isCompany } from '../../shared/domain/account/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Ports } from '../../shared/ports.ts';

const path = /^\/onsite\/js\/([0-9A-Za-z]{1,20})\/klaviyo\.js$/;

/** Browsers take it from their cache for ten minutes, and for a day while they ask anew behind the page's back. */
const kept = 'public, max-age=600, stale-while-revalidate=86400';

/** Any page of any site may load it, also one that embeds nothing by default. */
const headers = {
  'content-type': 'text/javascript; charset=utf-8',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
};

const says = (status: number, text: string, more: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { ...headers, 'cache-control': 'no-store', ...more },
  body: `// ${text}\n`,
});

/** Answers a request under /onsite/: the script of the company in its path, 304 to who has it, 404 for no company. */
export async function answerScript(
  ports: Ports,
  request: HttpRequest,
  script: () => Promise<string>,
): Promise<HttpResponse> {
  const { method } = request;
  if (method !== 'GET' && method !== 'HEAD') return says(405, 'This can only be read.', { allow: 'GET, HEAD' });
  const company = path.exec(request.path)?.[1];
  if (company === undefined || !(await isCompany(ports, company))) return says(404, 'There is no such company.');
  const configuration = JSON.stringify({ company, api: ports.settings.publicUrl });
  const text = `(()=>{const configuration=${configuration};${await script()}})();`;
  const etag = `"${hash('sha256', text, 'base64url')}"`;
  const kind = { ...headers, 'cache-control': kept, etag };
  if (has(request, etag)) return { status: 304, headers: kind };
  return { status: 200, headers: kind, ...(method === 'GET' && { body: text }) };
}

/** Caches on the way mark as weak what they compressed. */
function has({ headers: { 'if-none-match': known = '' } }: HttpRequest, etag: string): boolean {
  return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
