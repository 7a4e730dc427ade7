// Messages through gate and render.
import { accountId } from '../../shared/kernel/ids.ts';
import { inParallel } from '../../shared/kernel/parallel.ts';
import { upsertProfile } from '../../shared/domain/identity/index.ts';
import { type EmailContent, deliver, queueMessage } from '../../shared/domain/messaging/index.ts';
import { createTemplate } from '../../shared/domain/templates/edit.ts';
import { seeded } from '../../functions/local/seed.ts';
import type { MessageItem } from '../../shared/storage/items.ts';
import type { Figures } from './figures.ts';
import { emailOf, measuredSystem } from './system.ts';

const account = accountId(seeded.account);

const row =
  '<tr><td class="cell"><p class="words">{{ first_name|default:"You" }}, see <a href="https://shop.example/a">this</a></p></td></tr>';
const plain =
  '<tr><td class="cell"><p class="words">Words that stand here as they would in a newsletter, eighty letters of them, or so.</p></td></tr>';
/** About 20 KB, with eleven links, a style sheet and a loop. */
const html = `<html><head><style>p{margin:0}.cell{padding:4px}.words{color:#333}a{color:#06c}@media(max-width:480px){.cell{padding:0!important}}</style></head>
<body><table>${row.repeat(10)}${plain.repeat(90)}{% for item in event.items %}<tr><td class="cell">{{ item.title }}</td></tr>{% endfor %}</table>{% unsubscribe %}</body></html>`;

/** Emails a second from the queued message to the answer of the provider: the decision, the claim, the rendering, links and picture. */
export async function gateAndRender(count: number): Promise<Figures> {
  const { world } = await measuredSystem();
  const { ports } = world;
  const template = await createTemplate(ports, account, { name: 'Bench', editorType: 'CODE', html });
  const content: EmailContent = {
    channel: 'email',
    subject: 'Hello {{ first_name }}',
    from: { name: 'Shop', address: 'hello@example.org' },
    templateId: template.id,
    smartSending: true,
    transactional: false,
    tracking: { opens: true, clicks: true, params: [], facts: {} },
  };
  const names: { account: typeof account; profile: string; message: string }[] = [];
  for (let one = 0; one < count; one += 1) {
    const input = { identifiers: { email: emailOf(one) }, attributes: { first_name: `N${one}` } };
    const { profile } = await upsertProfile(ports, account, input);
    const enrolment = { id: `e${one}`, profile: profile.id, flow: 'Flow01', visit: 0 };
    const write = queueMessage(ports, account, { enrolment, action: 'a1' });
    await ports.store.write(write);
    names.push({ account, profile: profile.id, message: (write.put as MessageItem).id });
  }
  const cpu = process.cpuUsage();
  const began = performance.now();
  await inParallel(names, 8, (name) => deliver(ports, name, async () => content));
  const took = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const sent = world.inbox.length;
  await world.stop();
  return { sent, messages_per_second: Math.round(sent / took), core_us: Math.round((user + system) / sent) };
}
