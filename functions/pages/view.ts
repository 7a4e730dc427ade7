// The web view of an email: what it says, and nothing that could act.
import { campaignContentOf } from '../../shared/domain/campaigns/index.ts';
import { flowContentOf } from '../../shared/domain/flows/index.ts';
import { readLink, viewOf } from '../../shared/domain/messaging/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { nowhere, pageHeaders, show } from './page.ts';
import { wordsFor } from './words/index.ts';

/** Pictures and styles of wherever the email has them; no scripts, no forms, no place in somebody else's page. */
const policy = [
  "default-src 'none'",
  'img-src https: http: data:',
  "style-src 'unsafe-inline' https:",
  'font-src https: data:',
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/** Answers a web view link. */
export async function viewPage(ports: Ports, request: HttpRequest, token: string): Promise<HttpResponse> {
  const link = await readLink(ports, 'view', token);
  if (!link) return nowhere(request);
  const html = await viewOf(ports, link, (item, owner) =>
    item.campaign === undefined
      ? flowContentOf(ports, link.account, item, owner)
      : campaignContentOf(ports, link.account, item, owner),
  );
  if (html === undefined) {
    const words = wordsFor(request);
    return show(words, { status: 410, ...words.removed });
  }
  return { status: 200, headers: { ...pageHeaders, 'content-security-policy': policy }, body: html };
}
