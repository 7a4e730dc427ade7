import { describe, expect, it } from 'vitest';
import { gate } from '../../../shared/domain/messaging/index.ts';
import { hour, sortable } from '../../../shared/kernel/time.ts';
import type { ConsentState, SuppressionReason } from '../../../shared/storage/items.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const consent = (state: ConsentState['state']): ConsentState => ({
  ...{ state, at: sortable(0), updated: sortable(0) },
  ...{ method: null, method_detail: null, custom_method_detail: null, double_optin: null },
});
const from = { name: 'Shop', address: 'shop@shop.example' };

interface Facts {
  email?: string;
  state?: ConsentState['state'];
  suppressed?: SuppressionReason[];
  sentHoursAgo?: number;
  windowHours?: number;
  smartSending?: boolean;
  transactional?: boolean;
  sender?: string;
}

function decide(facts: Facts): string {
  const {
    email,
    state,
    suppressed,
    sentHoursAgo,
    windowHours = 16,
    smartSending = true,
    transactional = false,
  } = facts;
  const decision = gate({
    profile: { ...(email !== undefined && { email }) },
    contact: (suppressed ?? state) && {
      suppressions: (suppressed ?? []).map((reason) => ({ reason, at: sortable(0) })),
      ...(state && { consents: { email: consent(state) } }),
    },
    lastSent:
      sentHoursAgo === undefined ? undefined : { at: sortable(now - sentHoursAgo * hour), window_hours: windowHours },
    content: { from: { ...from, address: facts.sender ?? from.address }, smartSending, transactional },
    now,
  });
  if (decision.send) return `to ${decision.to}`;
  return 'until' in decision ? `at ${decision.until}` : decision.reason;
}

const email = 'ann@people.example';

describe('the gate', () => {
  it.each<[string, Facts, string]>([
    ['people who never subscribed may be emailed', { email }, `to ${email}`],
    ['subscribers may be emailed', { email, state: 'SUBSCRIBED', suppressed: [] }, `to ${email}`],
    ['a withdrawal stops marketing', { email, state: 'UNSUBSCRIBED' }, 'Person Suppressed'],
    [
      'a withdrawal does not stop transactional email',
      { email, state: 'UNSUBSCRIBED', transactional: true },
      `to ${email}`,
    ],
    ['no address', {}, 'Missing Email'],
    ['no address comes first', { suppressed: ['HARD_BOUNCE'], sentHoursAgo: 1, sender: 'x' }, 'Missing Email'],
    ['a bad address', { email: 'ann@', suppressed: ['HARD_BOUNCE'] }, 'Email Syntax Error'],
    ['two addresses', { email: 'a@b.example,c@d.example' }, 'Email Syntax Error'],
    ['a quoted address', { email: '"a@evil x"@ok.example' }, 'Email Syntax Error'],
    ['an address with a line break', { email: 'a@b.example\r\nBcc: c@d.example' }, 'Email Syntax Error'],
    [
      'a bad sender comes before suppression',
      { email, sender: 'shop', suppressed: ['UNSUBSCRIBE'] },
      'Invalid From Email',
    ],
    [
      'suppression comes before smart sending',
      { email, suppressed: ['UNSUBSCRIBE'], sentHoursAgo: 1 },
      'Person Suppressed',
    ],
    ['messaged a short while ago', { email, sentHoursAgo: 15.99 }, 'Smart Sending'],
    ['messaged exactly a window ago', { email, sentHoursAgo: 16 }, `to ${email}`],
    ['the window of the earlier message counts', { email, sentHoursAgo: 20, windowHours: 24 }, 'Smart Sending'],
    ['smart sending may be off', { email, sentHoursAgo: 1, smartSending: false }, `to ${email}`],
    ['transactional email knows no smart sending', { email, sentHoursAgo: 1, transactional: true }, `to ${email}`],
  ])('%s', (_, facts, expected) => {
    expect(decide(facts)).toBe(expected);
  });

  const reasons = ['HARD_BOUNCE', 'INVALID_EMAIL', 'SPAM_COMPLAINT', 'UNSUBSCRIBE', 'USER_SUPPRESSED'] as const;
  it.each(reasons)('%s stops marketing, whatever consent says', (reason) => {
    expect(decide({ email, suppressed: [reason] })).toBe('Person Suppressed');
    expect(decide({ email, suppressed: [reason], state: 'SUBSCRIBED' })).toBe('Person Suppressed');
  });
  it.each(reasons)('%s stops transactional email only when it is no wish about marketing', (reason) => {
    const passes = reason === 'UNSUBSCRIBE' || reason === 'USER_SUPPRESSED';
    expect(decide({ email, suppressed: [reason], transactional: true })).toBe(
      passes ? `to ${email}` : 'Person Suppressed',
    );
    expect(decide({ email, suppressed: ['UNSUBSCRIBE', reason, 'HARD_BOUNCE'], transactional: true })).toBe(
      'Person Suppressed',
    );
  });
});
