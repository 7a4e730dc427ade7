import { describe, expect, it } from 'vitest';
import { suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { claimLasts, deliver, expire, queueMessage, takeFeedback } from '../../../shared/domain/messaging/index.ts';
import { updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { removeTemplate, updateTemplate } from '../../../shared/domain/templates/edit.ts';
import { hour, sortable } from '../../../shared/kernel/time.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { DueItem, LastSentItem } from '../../../shared/storage/items.ts';
import { lastSentKey, profileKey } from '../../../shared/storage/patterns.ts';
import { interrupted } from './interrupted.ts';
import { type Setting, account, address, setting } from './setting.ts';

const withdraw = (ports: Ports) =>
  withdrawEmail(ports, account, { address, at: ports.clock.now(), how: { method: 'PREFERENCE_PAGE' } });

describe('a delivery', () => {
  it('claims, hands over once and notes the outcome', async () => {
    const { queue, send, read, mail, store, clock, profile } = await setting();
    const message = await queue();
    await send(message);
    expect(mail.inbox).toHaveLength(1);
    expect(mail.inbox[0]).toMatchObject({
      from: { name: 'Shop & Co', address: 'Shop@Shop.example' },
      ...{ to: address, subject: 'Hello Ann', tags: { account, profile, message } },
    });
    const item = await read(message);
    expect(item).toMatchObject({
      status: 'SENT',
      address,
      provider_id: mail.inbox[0]!.id,
      claimed: sortable(clock.now()),
    });
    expect(await store.get(lastSentKey(account, profile, 'email'))).toMatchObject({
      at: item.claimed,
      window_hours: 16,
    });
    // The claim's timer was taken back.
    expect(store.dump().filter(({ kind }) => kind === 'due')).toEqual([]);
  });

  it('whose provider reports before it answers leaves no timer either', async () => {
    const { queue, send, read, mail, store, ports, profile } = await setting();
    const message = await queue();
    const tags = { account: [account], profile: [profile], message: [message] };
    const early: Ports['mail'] = {
      async send(email) {
        const answer = await mail.send(email);
        await takeFeedback(ports, { eventType: 'Delivery', mail: { messageId: answer.id, tags } });
        return answer;
      },
    };
    await send(message, {}, profile, { ...ports, mail: early });
    expect((await read(message)).status).toBe('SENT');
    expect(store.dump().filter(({ kind }) => kind === 'due')).toEqual([]);
  });

  it('that stands still for hours before its claim leaves no timer, whatever the provider answers', async () => {
    const { queue, send, read, mail, store, ports, clock, profile } = await setting();
    mail.fail(address, 'lose');
    const message = await queue();
    const transact: Ports['store']['transact'] = (actions) => {
      clock.advance(5 * hour);
      return ports.store.transact(actions);
    };
    await send(message, {}, profile, { ...ports, store: { ...ports.store, transact } });
    expect((await read(message)).status).toBe('CLAIMED');
    expect(store.dump().filter(({ kind }) => kind === 'due')).toEqual([]);
  });

  it('that comes many times, at once and later, sends once', async () => {
    const { queue, send, mail } = await setting();
    const message = await queue();
    await Promise.all(Array.from({ length: 6 }, () => send(message)));
    await send(message);
    expect(mail.inbox).toHaveLength(1);
  });

  it('goes to the primary one of several addresses, whichever is told of, and to no other when that is suppressed', async () => {
    const { ports, profile, mail, queue, send, read } = await setting();
    const second = 'second@people.example';
    await updateProfile(ports, account, profile, {
      ...{ identifiers: {}, attributes: {} },
      emails: { append: [second], unappend: [] },
    });
    await upsertProfile(ports, account, { identifiers: { email: second }, attributes: {} }, 'leave');
    await send(await queue());
    expect(mail.inbox.map(({ to }) => to)).toEqual([address]);
    const at = ports.clock.now();
    await suppressEmail(ports, account, { address, at, reason: 'HARD_BOUNCE', how: { method: 'API' } });
    const message = await queue();
    await send(message);
    expect((await read(message)).reason).toBe('Person Suppressed');
    expect(mail.inbox).toHaveLength(1);
  });

  it('makes one message of one step', async () => {
    const { queue, ports, profile } = await setting();
    const message = await queue();
    expect(message).toMatch(/^[0-9A-Za-z]{22}$/);
    const again = { enrolment: { id: `enrolment-${profile}`, profile, flow: 'Flow01', visit: 1 }, action: 'a1' };
    await expect(ports.store.write(queueMessage(ports, account, again))).rejects.toThrow();
    const skipped = queueMessage(ports, account, { ...again, action: 'a2', skipped: 'Fails Flow Filters' });
    expect(skipped.put).toMatchObject({ status: 'SKIPPED', reason: 'Fails Flow Filters' });
  });

  it('never goes out after a withdrawal, at whatever moment it comes', async () => {
    const { calls } = await (async () => {
      const plain = await setting();
      const message = await plain.queue();
      const watched = interrupted(plain.ports, -1, async () => undefined);
      await plain.send(message, {}, plain.profile, watched.ports);
      return watched;
    })();
    const ends: string[] = [];
    for (let call = 0; call < calls(); call += 1) {
      const { ports, queue, send, read, mail, profile } = await setting();
      const message = await queue();
      let statusThen = '';
      const meanwhile = async () => {
        await withdraw(ports);
        statusThen = (await read(message)).status;
      };
      await send(message, {}, profile, interrupted(ports, call, meanwhile).ports);
      const { status, reason } = await read(message);
      // Withdrawn before the claim: not sent. Afterwards it is under way.
      expect(mail.inbox).toHaveLength(statusThen === 'QUEUED' ? 0 : 1);
      ends.push(reason ?? status);
    }
    expect(new Set(ends)).toEqual(new Set(['Person Suppressed', 'SENT']));
    expect(ends.indexOf('SENT')).toBeGreaterThan(3);
  });

  it('never goes out when the address is suppressed or the person deleted before the claim', async () => {
    for (const happens of [
      (ports: Ports) =>
        suppressEmail(ports, account, {
          address,
          reason: 'HARD_BOUNCE',
          at: ports.clock.now(),
          how: { method: 'API' },
        }),
      (ports: Ports, profile: string) => ports.store.write({ remove: profileKey(account, profile) }),
    ]) {
      for (let call = 0; call < 5; call += 1) {
        const { ports, queue, send, read, mail, profile } = await setting();
        const message = await queue();
        await send(message, {}, profile, interrupted(ports, call, () => happens(ports, profile)).ports);
        expect(mail.inbox).toHaveLength(0);
        expect((await read(message)).status).toBe('SKIPPED');
      }
    }
  });

  it('whose answer is lost stays claimed, turns unknown after 15 minutes and is not sent again', async () => {
    const { queue, send, read, mail, clock, ports, profile, store } = await setting();
    mail.fail(address, 'lose');
    const message = await queue();
    await send(message);
    expect((await read(message)).status).toBe('CLAIMED');
    const due = store.dump().find((one): one is DueItem => one.kind === 'due');
    expect(due).toMatchObject({ queue: 'messages', at: sortable(clock.now() + claimLasts) });
    expect(JSON.parse(due!.message)).toEqual({ type: 'expire', account, profile, message });
    mail.fail(address);
    await send(message);
    clock.advance(claimLasts);
    await expire(ports, { account, profile, message });
    expect((await read(message)).status).toBe('UNKNOWN');
    await send(message);
    expect(mail.inbox).toHaveLength(1);
  });

  it('that the provider refuses has failed', async () => {
    const { queue, send, read, mail, ports, profile } = await setting();
    mail.fail(address, 'refuse');
    const message = await queue();
    await send(message);
    expect(await read(message)).toMatchObject({
      status: 'FAILED',
      reason: 'The provider refuses messages to this address.',
    });
    await expire(ports, { account, profile, message });
    expect((await read(message)).status).toBe('FAILED');
  });

  it('that the provider postpones is given back, and goes out once when its timer falls due', async () => {
    const { queue, send, read, mail, clock, ports, profile } = await setting();
    mail.fail(address, 'postpone');
    const message = await queue();
    await send(message);
    expect(await read(message)).toMatchObject({ status: 'QUEUED' });
    expect((await read(message)).claimed).toBeUndefined();
    mail.fail(address);
    // The claim that was given back does not count: neither for smart sending nor for its timer.
    clock.advance(claimLasts - 1);
    await send(message);
    clock.advance(1);
    await expire(ports, { account, profile, message });
    expect((await read(message)).status).toBe('SENT');
    await send(message);
    expect(mail.inbox).toHaveLength(1);
  });

  it('logs no address, even when the answer is lost', async () => {
    const lines: string[] = [];
    const { queue, send, mail, ports, profile, template } = await setting('{% nonsense %}');
    const log = {
      info: (...all: unknown[]) => lines.push(JSON.stringify(all)),
      error: (...all: unknown[]) => lines.push(JSON.stringify(all)),
    };
    await send(await queue(), {}, profile, { ...ports, log });
    mail.fail(address, 'lose');
    await updateTemplate(ports, account, template.id, { html: 'x' });
    await send(await queue(), {}, profile, { ...ports, log });
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('people.example');
  });
});

describe('a message is skipped', () => {
  const skipped = async (made: Setting, message: string, of?: string) => {
    expect(made.mail.inbox).toHaveLength(0);
    const { status, reason } = await made.read(message, of);
    expect(status).toBe('SKIPPED');
    return reason;
  };

  it('when the person has no address', async () => {
    const made = await setting();
    const nobody = await made.person(null);
    const message = await made.queue(nobody);
    await made.send(message, {}, nobody);
    expect(await skipped(made, message, nobody)).toBe('Missing Email');
  });

  it('when the action is gone', async () => {
    const made = await setting();
    const message = await made.queue();
    await deliver(made.ports, { account, profile: made.profile, message }, async () => undefined);
    expect(await skipped(made, message)).toBe('Action Deleted');
  });

  it('when the template is gone, cannot be read, or does not end', async () => {
    const gone = await setting();
    await removeTemplate(gone.ports, account, gone.template.id);
    const first = await gone.queue();
    await gone.send(first);
    expect(await skipped(gone, first)).toBe('Unable to Send Email');
    const loops =
      "{% with 'abcdefghijklmnopqrstuvwxyz' as x %}{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endwith %}";
    for (const html of ['{{ x|default: 1 }}', loops]) {
      const bad = await setting(html);
      const message = await bad.queue();
      await bad.send(message);
      expect(await skipped(bad, message)).toBe('Unable to Send Email');
    }
  });
});

describe('smart sending', () => {
  it('lets one of two simultaneous messages through', async () => {
    const { queue, send, read, mail } = await setting();
    const messages = [await queue(), await queue()];
    await Promise.all(messages.map((message) => send(message)));
    expect(mail.inbox).toHaveLength(1);
    const items = await Promise.all(messages.map((message) => read(message)));
    expect(items.map(({ reason, status }) => reason ?? status).sort()).toEqual(['SENT', 'Smart Sending']);
  });

  it('ends after 16 hours, and skipped messages do not start it again', async () => {
    const { queue, send, mail, clock } = await setting();
    await send(await queue());
    clock.advance(10 * hour);
    await send(await queue());
    clock.advance(6 * hour - 1);
    await send(await queue());
    expect(mail.inbox).toHaveLength(1);
    clock.advance(1);
    await send(await queue());
    expect(mail.inbox).toHaveLength(2);
  });

  it('is not started by transactional messages, but by those that take no part in it', async () => {
    const { queue, send, mail, store, profile } = await setting();
    const last = () => store.get<LastSentItem>(lastSentKey(account, profile, 'email'));
    await send(await queue(), { transactional: true });
    expect(await last()).toBeUndefined();
    await send(await queue(), { smartSending: false });
    expect(await last()).toMatchObject({ window_hours: 16 });
    await send(await queue());
    expect(mail.inbox).toHaveLength(2);
  });
});

describe('an email', () => {
  const sent = async (html: string, change = {}) => {
    const { queue, send, mail } = await setting(html);
    await send(await queue(), change);
    return mail.inbox[0]!;
  };

  it('carries one-click headers, and a way out at its end when the template has none', async () => {
    const { html, text, headers } = await sent('<html><body><p>Hi</p></body></html>');
    const link = /^<(https:\/\/m\.example\/p\/unsubscribe\/AbC123\.[\w-]+)>$/.exec(headers['List-Unsubscribe']!)![1]!;
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(html).toMatch(new RegExp(`Hi</p><p[^>]*><a href="${link}">Unsubscribe</a></p></body></html>$`));
    expect(text).toBe(`Hi\n\nUnsubscribe: ${link}`);
  });

  it('keeps the way out that the template has, and needs none when it is transactional', async () => {
    const own = await sent('<p>{% unsubscribe "Leave" %}</p>');
    expect(own.html.match(/p\/unsubscribe/g)).toHaveLength(1);
    expect(own.text.match(/p\/unsubscribe/g)).toHaveLength(1);
    const hidden = await sent('<p>{% if nobody %}{% unsubscribe %}{% endif %}</p>');
    expect(hidden.html).toContain('>Unsubscribe</a>');
    expect((await sent('<p>Receipt</p>', { transactional: true })).html).toBe('<p>Receipt</p>');
  });

  it('has no line breaks in its headers, whatever the person is called', async () => {
    const { ports, queue, send, mail, profile } = await setting();
    const evil = 'x\r\nBcc: all@evil.example\u0000\u0085\u2028y';
    await updateProfile(ports, account, profile, { identifiers: {}, attributes: { first_name: evil } });
    await send(await queue(), { from: { name: '{{ first_name }}', address: 'shop@shop.example' } });
    const { subject, from } = mail.inbox[0]!;
    expect(subject).toBe('Hello x Bcc: all@evil.example y');
    expect(from.name).toBe('x Bcc: all@evil.example y');
  });

  it('shows its preview text to mailboxes only', async () => {
    const { html } = await sent('<body class="x"><p>{{ preview_text }}</p></body>', {
      previewText: '<{{ first_name }}>',
    });
    expect(html).toMatch(/^<body class="x"><div style="display:none[^>]*>&lt;Ann&gt;<\/div><p>&lt;Ann&gt;<\/p>/);
  });
});

describe('feedback', () => {
  const report = (made: Setting, message: string, eventType: string, more: object = {}) => ({
    ...{
      eventType,
      mail: {
        messageId: 'ses-1',
        tags: { account: [account], profile: [made.profile], message: [message], other: ['x'] },
      },
    },
    ...more,
  });
  const bySns = (body: object) => ({ Type: 'Notification', Message: JSON.stringify(body) });
  const byBus = (body: object) => ({ 'detail-type': 'Email Event', source: 'aws.ses', detail: body });
  const reasons = async (made: Setting) => {
    const item = await made.store.get(profileKey(account, made.profile));
    return item?.email_suppressions?.map(({ reason }) => reason) ?? [];
  };
  const claimed = async () => {
    const made = await setting();
    made.mail.fail(address, 'lose');
    const message = await made.queue();
    await made.send(message);
    return { made, message };
  };

  it.each(['Send', 'Delivery', 'Open', 'Click'])('%s settles a claim and what was unknown as sent', async (type) => {
    for (const late of [false, true]) {
      const { made, message } = await claimed();
      if (late) await expire(made.ports, { account, profile: made.profile, message });
      await takeFeedback(made.ports, bySns(report(made, message, type)));
      expect(await made.read(message)).toMatchObject({ status: 'SENT', provider_id: 'ses-1' });
      expect(await reasons(made)).toEqual([]);
    }
  });

  it('of a permanent bounce or a complaint suppresses the address that was claimed, once', async () => {
    for (const [type, more, reason] of [
      [
        'Bounce',
        {
          bounce: {
            bounceType: 'Permanent',
            timestamp: '2026-01-01T00:00:00Z',
            bouncedRecipients: [{ emailAddress: 'other@people.example' }],
          },
        },
        'HARD_BOUNCE',
      ],
      ['Complaint', { complaint: { timestamp: 'nonsense' } }, 'SPAM_COMPLAINT'],
    ] as const) {
      const { made, message } = await claimed();
      const body = byBus(report(made, message, type, more));
      await Promise.all([takeFeedback(made.ports, body), takeFeedback(made.ports, body)]);
      expect(await reasons(made)).toEqual([reason]);
      expect((await made.read(message)).status).toBe('SENT');
      const next = await made.queue();
      await made.send(next, { transactional: true });
      expect((await made.read(next)).reason).toBe('Person Suppressed');
    }
  });

  it('of a bounce that may pass suppresses nobody', async () => {
    const { made, message } = await claimed();
    await takeFeedback(made.ports, bySns(report(made, message, 'Bounce', { bounce: { bounceType: 'Transient' } })));
    expect(await reasons(made)).toEqual([]);
  });

  it('of a rejection fails a message, also one that was sent', async () => {
    const made = await setting();
    const message = await made.queue();
    await made.send(message);
    await takeFeedback(made.ports, bySns(report(made, message, 'Reject')));
    expect((await made.read(message)).status).toBe('FAILED');
  });

  it('that is unknown, foreign or nonsense changes nothing', async () => {
    const { made, message } = await claimed();
    const before = JSON.stringify(made.store.dump());
    for (const body of [
      bySns(report(made, 'unknown', 'Bounce', { bounce: { bounceType: 'Permanent' } })),
      bySns(report(made, message, 'Subscription')),
      { Type: 'Notification', Message: '{' },
      { Type: 'SubscriptionConfirmation', SubscribeURL: 'https://evil.example' },
      { mail: {} },
      {},
      bySns({ eventType: 'Delivery', mail: { messageId: 'x' } }),
    ]) {
      await takeFeedback(made.ports, body);
    }
    expect(JSON.stringify(made.store.dump())).toBe(before);
  });
});
