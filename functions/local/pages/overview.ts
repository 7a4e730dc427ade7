// What there is, and how to talk to it.
import { listKeys } from '../../../shared/domain/account/index.ts';
import { seeded } from '../seed.ts';
import { census } from './census.ts';
import { type Html, html, name } from './html.ts';
import { facts } from './table.ts';
import { type Page, type View, at, href } from './view.ts';

export async function overview(view: View): Promise<Page> {
  const { system, account, accounts } = view;
  const owner = accounts.find(({ id }) => id === account);
  const key = account === seeded.account ? seeded.key : undefined;
  const rests = owner?.mail_rests && html`<p class="bad">Marketing email rests: ${causes[owner.mail_rests.why]}.</p>`;
  const body = html`${rests} ${await counted(view)}
    <h2>Talk to it</h2>
    ${facts([
      ['Base URL', html`<code>${system.publicUrl}</code>`],
      ['Private key', await keyText(view, key)],
      ['Company id', html`<code>${account}</code>`],
      ['Account', owner && name(owner.name)],
      ['Sender', owner && html`${name(owner.sender_name)}, ${name(owner.sender_email)}`],
      ['Time zone', owner?.timezone],
    ])}
    <h3>With curl</h3>
    <pre class="copy">${curlLine(system.publicUrl, key ?? 'YOUR_KEY')}</pre>
    <h3>With the SDK</h3>
    <pre class="copy">${snippet(system.publicUrl, key ?? 'YOUR_KEY')}</pre>
    <p><code>npm run demo</code> fills an empty system with the story of a coffee shop.</p>`;
  return { title: 'Overview', body };
}

const causes = { bounced: 'too much of it bounced', complained: 'too many people complained' } as const;

async function counted(view: View): Promise<Html> {
  const counts = await census(view);
  const cards = [
    ['people', counts.profiles, href(view, at('people'))],
    ['events', counts.events, href(view, at('people'))],
    ['lists', counts.lists, href(view, at('segments'))],
    ['segments', counts.segments, href(view, at('segments'))],
    ['flows', counts.flows, href(view, at('flows'))],
    ['messages sent', counts.sent, href(view, at('inbox'), { status: 'SENT' })],
    ['messages held back', counts.held, href(view, at('inbox'), { status: 'SKIPPED' })],
  ] as const;
  return html`<ul class="cards">
    ${cards.map(([what, count, to]) => html`<li><b>${count}</b><a href="${to}">${what}</a></li>`)}
  </ul>`;
}

/** The secret of a key is known only of the one that the local system makes; of others, what to recognise them by. */
async function keyText({ system, account }: View, key: string | undefined): Promise<Html> {
  if (key !== undefined) return html`<code>${key}</code>`;
  const keys = await listKeys(system.world.ports, account);
  if (keys.length === 0)
    return html`none yet: <code>npx millrace keys create --account ${account} --name NAME --scopes full</code>`;
  return html`${keys.map(({ hint, name: called }) => html`<code>${hint}</code> ${name(called)} `)}`;
}

const curlLine = (url: string, key: string) =>
  `curl -s ${url}/api/profiles -H 'Authorization: Klaviyo-API-Key ${key}' -H 'revision: 2026-07-15'`;

const snippet = (url: string, key: string) => `import { ApiKeySession, EventsApi } from 'klaviyo-api';

const events = new EventsApi(new ApiKeySession('${key}'));
events.basePath = '${url}';
await events.createEvent({
  data: {
    type: 'event',
    attributes: {
      metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
      profile: { data: { type: 'profile', attributes: { email: 'ana@beantown.coffee' } } },
      properties: { OrderId: '1001', Items: [{ Name: 'Decaf Sampler' }] },
      value: 8,
    },
  },
});`;
