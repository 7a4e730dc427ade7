import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { upsertProfile } from '../../../shared/domain/identity/index.ts';
import { type EmailContent, deliver, queueMessage } from '../../../shared/domain/messaging/index.ts';
import { createTemplate } from '../../../shared/domain/templates/edit.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { MessageItem } from '../../../shared/storage/items.ts';
import { messageKey } from '../../../shared/storage/patterns.ts';

export const account = accountId('AbC123');
export const address = 'ann@people.example';

/** An account with one person, one template, and messages that can be queued for the person. */
export async function setting(html = '<html><body><p>Hi {{ first_name }}</p></body></html>') {
  const world = memoryPorts({ settings: { publicUrl: 'https://m.example' } });
  const { ports } = world;
  const owner = await createAccount(ports, { name: 'Shop & Co', senderEmail: 'shop@shop.example', publicId: account });
  const person = async (email: string | null) => {
    const identifiers = email === null ? { external_id: ports.ids.ulid() } : { email };
    const { profile } = await upsertProfile(ports, account, { identifiers, attributes: { first_name: 'Ann' } });
    return profile.id;
  };
  const profile = await person(address);
  const template = await createTemplate(ports, account, { name: 'T', editorType: 'CODE', html });
  const content: EmailContent = {
    channel: 'email',
    subject: 'Hello {{ first_name }}',
    from: { name: '{{ organization.name }}', address: 'Shop@Shop.example' },
    templateId: template.id,
    smartSending: true,
    transactional: false,
  };
  let visit = 0;
  const queue = async (of = profile): Promise<string> => {
    visit += 1;
    const enrolment = { id: `enrolment-${of}`, profile: of, flow: 'Flow01', visit };
    const write = queueMessage(ports, account, { enrolment, action: 'a1' });
    await ports.store.write(write);
    return (write.put as MessageItem).id;
  };
  const send = (message: string, change: Partial<EmailContent> = {}, of = profile, through: Ports = ports) =>
    deliver(through, { account, profile: of, message }, async () => ({ ...content, ...change }));
  const read = async (message: string, of = profile): Promise<MessageItem> =>
    (await ports.store.get(messageKey(account, of, message)))!;
  return { ...world, owner, profile, person, template, content, queue, send, read };
}

export type Setting = Awaited<ReturnType<typeof setting>>;
