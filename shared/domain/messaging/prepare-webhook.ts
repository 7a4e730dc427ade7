import { day, instantOf, second } from '../../kernel/time.ts';
import type { WebhookContent } from './content.ts';
import { madeOfPlain } from './make.ts';
import type { Prepare } from './prepare.ts';

/** A POST of JSON to the owner's server, which is tried for a day (behaviour 5.7). */
export const prepareWebhook: Prepare<WebhookContent> = async (ports, about) => {
  const { item, content, now } = about;
  const written = await madeOfPlain(ports, about, (render) => render(content.body));
  if ('skip' in written) return written;
  const body = written.made;
  const headers = { ...content.headers, 'content-type': 'application/json', 'x-klaviyo-flow-id': content.flow };
  const call = { method: 'POST' as const, url: content.url, headers, body, deadline: 5 * second, largest: 100_000 };
  const again = now - instantOf(item.created) < day;
  return { outgoing: { channel: 'webhook', call, again }, kept: {}, unchanged: [] };
};
