// Who may be written to after what: the whole table, as the behaviour page (3.1 to 3.6) says it. Written out, not computed:
// it shares nothing with the code it holds to account.
import { describe, expect, it } from 'vitest';
import { complainEmail, suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { unsuppressEmail } from '../../../shared/domain/consent/email.ts';
import { grant, withdraw } from '../../../shared/domain/consent/words.ts';
import { contactKeyOf, createProfile, profileDocument, readProfile } from '../../../shared/domain/identity/index.ts';
import type { ConsentKind, ConsentState, SuppressionReason } from '../../../shared/storage/items.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { known, setting } from '../setting.ts';

/** What was known was said then; what happens, later or earlier. */
const then = Date.UTC(2025, 5, 10);
const later = Date.UTC(2025, 5, 20);
const earlier = Date.UTC(2025, 5, 1);

const email = 'ana@example.org';
const phone_number = '+14155552671';
const how = { method: 'API' };

const stateOf = (state: string): ConsentState | undefined =>
  state === 'NEVER'
    ? undefined
    : {
        state: state as ConsentState['state'],
        at: sortable(then),
        updated: sortable(then),
        method: 'API',
        method_detail: null,
        custom_method_detail: null,
        double_optin: false,
      };

/** A person whose address and number are known for these consents and this suppression. */
async function personWith(consents: Partial<Record<ConsentKind, string>>, suppression = '-') {
  const made = await setting();
  const { ports, account } = made;
  const states = Object.fromEntries(
    Object.entries(consents).flatMap(([kind, state]) => (stateOf(state) ? [[kind, stateOf(state)]] : [])),
  ) as Record<string, ConsentState>;
  const { push, ...ofContacts } = states;
  for (const contact of [
    { kind: 'email', value: email },
    { kind: 'phone_number', value: phone_number },
  ] as const) {
    const mine = Object.entries(ofContacts).filter(
      ([kind]) => /^(sms|whatsapp)/.test(kind) !== (contact.kind === 'email'),
    );
    const suppressions =
      contact.kind === 'email' && suppression !== '-'
        ? [{ reason: suppression as SuppressionReason, at: sortable(then) }]
        : [];
    const item = { kind: 'contact', version: 1, consents: Object.fromEntries(mine), suppressions };
    await ports.store.write({ put: { ...(await contactKeyOf(ports, account, contact)), ...item } });
  }
  const { id } = await createProfile(ports, account, known({ email, phone_number }));
  if (push) await ports.store.write({ update: profileKey(account, id), set: { consents: { ...ofContacts, push } } });
  const subscriptions = async () => {
    const item = await readProfile(ports, account, id);
    const document = profileDocument(item, { additional: new Set(['subscriptions']) });
    return document.attributes['subscriptions'] as Shown;
  };
  return { ports, account, id, subscriptions };
}

type Channel = Record<string, unknown> & { consent: string };
interface Shown {
  email: {
    marketing: Channel & { suppression: { reason: string }[]; can_receive_email_marketing: boolean };
    open_tracking?: Channel;
  };
  sms: { marketing: Channel; transactional: Channel };
  mobile_push: { marketing: Channel };
  whatsapp: Record<string, Channel>;
}

const wordsOf = (line: string) => line.trim().split(/[\s>]+/);
const told = (state: string) => (state === 'NEVER' ? 'NEVER_SUBSCRIBED' : state);
const rowsOf = (table: string) => table.trim().split('\n');

// consent, suppression, what happens > consent, suppressions, may marketing be sent
const emailTable = `
NEVER        -               grant          > SUBSCRIBED   -                               yes
NEVER        UNSUBSCRIBE     grant          > SUBSCRIBED   -                               yes
NEVER        SPAM_COMPLAINT  grant          > SUBSCRIBED   -                               yes
NEVER        USER_SUPPRESSED grant          > SUBSCRIBED   -                               yes
NEVER        HARD_BOUNCE     grant          > SUBSCRIBED   HARD_BOUNCE                     no
NEVER        INVALID_EMAIL   grant          > SUBSCRIBED   INVALID_EMAIL                   no
SUBSCRIBED   -               grant          > SUBSCRIBED   -                               yes
SUBSCRIBED   UNSUBSCRIBE     grant          > SUBSCRIBED   -                               yes
SUBSCRIBED   SPAM_COMPLAINT  grant          > SUBSCRIBED   -                               yes
SUBSCRIBED   USER_SUPPRESSED grant          > SUBSCRIBED   -                               yes
SUBSCRIBED   HARD_BOUNCE     grant          > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   INVALID_EMAIL   grant          > SUBSCRIBED   INVALID_EMAIL                   no
UNSUBSCRIBED -               grant          > SUBSCRIBED   -                               yes
UNSUBSCRIBED UNSUBSCRIBE     grant          > SUBSCRIBED   -                               yes
UNSUBSCRIBED SPAM_COMPLAINT  grant          > SUBSCRIBED   -                               yes
UNSUBSCRIBED USER_SUPPRESSED grant          > SUBSCRIBED   -                               yes
UNSUBSCRIBED HARD_BOUNCE     grant          > SUBSCRIBED   HARD_BOUNCE                     no
UNSUBSCRIBED INVALID_EMAIL   grant          > SUBSCRIBED   INVALID_EMAIL                   no
NEVER        -               old-grant      > SUBSCRIBED   -                               yes
NEVER        UNSUBSCRIBE     old-grant      > SUBSCRIBED   UNSUBSCRIBE                     no
NEVER        SPAM_COMPLAINT  old-grant      > SUBSCRIBED   SPAM_COMPLAINT                  no
NEVER        USER_SUPPRESSED old-grant      > SUBSCRIBED   USER_SUPPRESSED                 no
NEVER        HARD_BOUNCE     old-grant      > SUBSCRIBED   HARD_BOUNCE                     no
NEVER        INVALID_EMAIL   old-grant      > SUBSCRIBED   INVALID_EMAIL                   no
SUBSCRIBED   -               old-grant      > SUBSCRIBED   -                               yes
SUBSCRIBED   UNSUBSCRIBE     old-grant      > SUBSCRIBED   UNSUBSCRIBE                     no
SUBSCRIBED   SPAM_COMPLAINT  old-grant      > SUBSCRIBED   SPAM_COMPLAINT                  no
SUBSCRIBED   USER_SUPPRESSED old-grant      > SUBSCRIBED   USER_SUPPRESSED                 no
SUBSCRIBED   HARD_BOUNCE     old-grant      > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   INVALID_EMAIL   old-grant      > SUBSCRIBED   INVALID_EMAIL                   no
UNSUBSCRIBED -               old-grant      > UNSUBSCRIBED -                               no
UNSUBSCRIBED UNSUBSCRIBE     old-grant      > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED SPAM_COMPLAINT  old-grant      > UNSUBSCRIBED SPAM_COMPLAINT                  no
UNSUBSCRIBED USER_SUPPRESSED old-grant      > UNSUBSCRIBED USER_SUPPRESSED                 no
UNSUBSCRIBED HARD_BOUNCE     old-grant      > UNSUBSCRIBED HARD_BOUNCE                     no
UNSUBSCRIBED INVALID_EMAIL   old-grant      > UNSUBSCRIBED INVALID_EMAIL                   no
NEVER        -               withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
NEVER        UNSUBSCRIBE     withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
NEVER        SPAM_COMPLAINT  withdrawal     > UNSUBSCRIBED SPAM_COMPLAINT+UNSUBSCRIBE      no
NEVER        USER_SUPPRESSED withdrawal     > UNSUBSCRIBED USER_SUPPRESSED+UNSUBSCRIBE     no
NEVER        HARD_BOUNCE     withdrawal     > UNSUBSCRIBED HARD_BOUNCE+UNSUBSCRIBE         no
NEVER        INVALID_EMAIL   withdrawal     > UNSUBSCRIBED INVALID_EMAIL+UNSUBSCRIBE       no
SUBSCRIBED   -               withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
SUBSCRIBED   UNSUBSCRIBE     withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
SUBSCRIBED   SPAM_COMPLAINT  withdrawal     > UNSUBSCRIBED SPAM_COMPLAINT+UNSUBSCRIBE      no
SUBSCRIBED   USER_SUPPRESSED withdrawal     > UNSUBSCRIBED USER_SUPPRESSED+UNSUBSCRIBE     no
SUBSCRIBED   HARD_BOUNCE     withdrawal     > UNSUBSCRIBED HARD_BOUNCE+UNSUBSCRIBE         no
SUBSCRIBED   INVALID_EMAIL   withdrawal     > UNSUBSCRIBED INVALID_EMAIL+UNSUBSCRIBE       no
UNSUBSCRIBED -               withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED UNSUBSCRIBE     withdrawal     > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED SPAM_COMPLAINT  withdrawal     > UNSUBSCRIBED SPAM_COMPLAINT+UNSUBSCRIBE      no
UNSUBSCRIBED USER_SUPPRESSED withdrawal     > UNSUBSCRIBED USER_SUPPRESSED+UNSUBSCRIBE     no
UNSUBSCRIBED HARD_BOUNCE     withdrawal     > UNSUBSCRIBED HARD_BOUNCE+UNSUBSCRIBE         no
UNSUBSCRIBED INVALID_EMAIL   withdrawal     > UNSUBSCRIBED INVALID_EMAIL+UNSUBSCRIBE       no
NEVER        -               old-withdrawal > UNSUBSCRIBED UNSUBSCRIBE                     no
NEVER        UNSUBSCRIBE     old-withdrawal > UNSUBSCRIBED UNSUBSCRIBE                     no
NEVER        SPAM_COMPLAINT  old-withdrawal > UNSUBSCRIBED SPAM_COMPLAINT+UNSUBSCRIBE      no
NEVER        USER_SUPPRESSED old-withdrawal > UNSUBSCRIBED USER_SUPPRESSED+UNSUBSCRIBE     no
NEVER        HARD_BOUNCE     old-withdrawal > UNSUBSCRIBED HARD_BOUNCE+UNSUBSCRIBE         no
NEVER        INVALID_EMAIL   old-withdrawal > UNSUBSCRIBED INVALID_EMAIL+UNSUBSCRIBE       no
SUBSCRIBED   -               old-withdrawal > SUBSCRIBED   -                               yes
SUBSCRIBED   UNSUBSCRIBE     old-withdrawal > SUBSCRIBED   UNSUBSCRIBE                     no
SUBSCRIBED   SPAM_COMPLAINT  old-withdrawal > SUBSCRIBED   SPAM_COMPLAINT                  no
SUBSCRIBED   USER_SUPPRESSED old-withdrawal > SUBSCRIBED   USER_SUPPRESSED                 no
SUBSCRIBED   HARD_BOUNCE     old-withdrawal > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   INVALID_EMAIL   old-withdrawal > SUBSCRIBED   INVALID_EMAIL                   no
UNSUBSCRIBED -               old-withdrawal > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED UNSUBSCRIBE     old-withdrawal > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED SPAM_COMPLAINT  old-withdrawal > UNSUBSCRIBED SPAM_COMPLAINT+UNSUBSCRIBE      no
UNSUBSCRIBED USER_SUPPRESSED old-withdrawal > UNSUBSCRIBED USER_SUPPRESSED+UNSUBSCRIBE     no
UNSUBSCRIBED HARD_BOUNCE     old-withdrawal > UNSUBSCRIBED HARD_BOUNCE+UNSUBSCRIBE         no
UNSUBSCRIBED INVALID_EMAIL   old-withdrawal > UNSUBSCRIBED INVALID_EMAIL+UNSUBSCRIBE       no
NEVER        -               complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
NEVER        UNSUBSCRIBE     complaint      > UNSUBSCRIBED UNSUBSCRIBE+SPAM_COMPLAINT      no
NEVER        SPAM_COMPLAINT  complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
NEVER        USER_SUPPRESSED complaint      > UNSUBSCRIBED USER_SUPPRESSED+SPAM_COMPLAINT  no
NEVER        HARD_BOUNCE     complaint      > UNSUBSCRIBED HARD_BOUNCE+SPAM_COMPLAINT      no
NEVER        INVALID_EMAIL   complaint      > UNSUBSCRIBED INVALID_EMAIL+SPAM_COMPLAINT    no
SUBSCRIBED   -               complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
SUBSCRIBED   UNSUBSCRIBE     complaint      > UNSUBSCRIBED UNSUBSCRIBE+SPAM_COMPLAINT      no
SUBSCRIBED   SPAM_COMPLAINT  complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
SUBSCRIBED   USER_SUPPRESSED complaint      > UNSUBSCRIBED USER_SUPPRESSED+SPAM_COMPLAINT  no
SUBSCRIBED   HARD_BOUNCE     complaint      > UNSUBSCRIBED HARD_BOUNCE+SPAM_COMPLAINT      no
SUBSCRIBED   INVALID_EMAIL   complaint      > UNSUBSCRIBED INVALID_EMAIL+SPAM_COMPLAINT    no
UNSUBSCRIBED -               complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
UNSUBSCRIBED UNSUBSCRIBE     complaint      > UNSUBSCRIBED UNSUBSCRIBE+SPAM_COMPLAINT      no
UNSUBSCRIBED SPAM_COMPLAINT  complaint      > UNSUBSCRIBED SPAM_COMPLAINT                  no
UNSUBSCRIBED USER_SUPPRESSED complaint      > UNSUBSCRIBED USER_SUPPRESSED+SPAM_COMPLAINT  no
UNSUBSCRIBED HARD_BOUNCE     complaint      > UNSUBSCRIBED HARD_BOUNCE+SPAM_COMPLAINT      no
UNSUBSCRIBED INVALID_EMAIL   complaint      > UNSUBSCRIBED INVALID_EMAIL+SPAM_COMPLAINT    no
NEVER        -               suppression    > NEVER        USER_SUPPRESSED                 no
NEVER        UNSUBSCRIBE     suppression    > NEVER        UNSUBSCRIBE+USER_SUPPRESSED     no
NEVER        SPAM_COMPLAINT  suppression    > NEVER        SPAM_COMPLAINT+USER_SUPPRESSED  no
NEVER        USER_SUPPRESSED suppression    > NEVER        USER_SUPPRESSED                 no
NEVER        HARD_BOUNCE     suppression    > NEVER        HARD_BOUNCE+USER_SUPPRESSED     no
NEVER        INVALID_EMAIL   suppression    > NEVER        INVALID_EMAIL+USER_SUPPRESSED   no
SUBSCRIBED   -               suppression    > SUBSCRIBED   USER_SUPPRESSED                 no
SUBSCRIBED   UNSUBSCRIBE     suppression    > SUBSCRIBED   UNSUBSCRIBE+USER_SUPPRESSED     no
SUBSCRIBED   SPAM_COMPLAINT  suppression    > SUBSCRIBED   SPAM_COMPLAINT+USER_SUPPRESSED  no
SUBSCRIBED   USER_SUPPRESSED suppression    > SUBSCRIBED   USER_SUPPRESSED                 no
SUBSCRIBED   HARD_BOUNCE     suppression    > SUBSCRIBED   HARD_BOUNCE+USER_SUPPRESSED     no
SUBSCRIBED   INVALID_EMAIL   suppression    > SUBSCRIBED   INVALID_EMAIL+USER_SUPPRESSED   no
UNSUBSCRIBED -               suppression    > UNSUBSCRIBED USER_SUPPRESSED                 no
UNSUBSCRIBED UNSUBSCRIBE     suppression    > UNSUBSCRIBED UNSUBSCRIBE+USER_SUPPRESSED     no
UNSUBSCRIBED SPAM_COMPLAINT  suppression    > UNSUBSCRIBED SPAM_COMPLAINT+USER_SUPPRESSED  no
UNSUBSCRIBED USER_SUPPRESSED suppression    > UNSUBSCRIBED USER_SUPPRESSED                 no
UNSUBSCRIBED HARD_BOUNCE     suppression    > UNSUBSCRIBED HARD_BOUNCE+USER_SUPPRESSED     no
UNSUBSCRIBED INVALID_EMAIL   suppression    > UNSUBSCRIBED INVALID_EMAIL+USER_SUPPRESSED   no
NEVER        -               unsuppression  > NEVER        -                               yes
NEVER        UNSUBSCRIBE     unsuppression  > NEVER        UNSUBSCRIBE                     no
NEVER        SPAM_COMPLAINT  unsuppression  > NEVER        SPAM_COMPLAINT                  no
NEVER        USER_SUPPRESSED unsuppression  > NEVER        -                               yes
NEVER        HARD_BOUNCE     unsuppression  > NEVER        HARD_BOUNCE                     no
NEVER        INVALID_EMAIL   unsuppression  > NEVER        INVALID_EMAIL                   no
SUBSCRIBED   -               unsuppression  > SUBSCRIBED   -                               yes
SUBSCRIBED   UNSUBSCRIBE     unsuppression  > SUBSCRIBED   UNSUBSCRIBE                     no
SUBSCRIBED   SPAM_COMPLAINT  unsuppression  > SUBSCRIBED   SPAM_COMPLAINT                  no
SUBSCRIBED   USER_SUPPRESSED unsuppression  > SUBSCRIBED   -                               yes
SUBSCRIBED   HARD_BOUNCE     unsuppression  > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   INVALID_EMAIL   unsuppression  > SUBSCRIBED   INVALID_EMAIL                   no
UNSUBSCRIBED -               unsuppression  > UNSUBSCRIBED -                               no
UNSUBSCRIBED UNSUBSCRIBE     unsuppression  > UNSUBSCRIBED UNSUBSCRIBE                     no
UNSUBSCRIBED SPAM_COMPLAINT  unsuppression  > UNSUBSCRIBED SPAM_COMPLAINT                  no
UNSUBSCRIBED USER_SUPPRESSED unsuppression  > UNSUBSCRIBED -                               no
UNSUBSCRIBED HARD_BOUNCE     unsuppression  > UNSUBSCRIBED HARD_BOUNCE                     no
UNSUBSCRIBED INVALID_EMAIL   unsuppression  > UNSUBSCRIBED INVALID_EMAIL                   no
NEVER        -               hard-bounce    > NEVER        HARD_BOUNCE                     no
NEVER        UNSUBSCRIBE     hard-bounce    > NEVER        UNSUBSCRIBE+HARD_BOUNCE         no
NEVER        SPAM_COMPLAINT  hard-bounce    > NEVER        SPAM_COMPLAINT+HARD_BOUNCE      no
NEVER        USER_SUPPRESSED hard-bounce    > NEVER        USER_SUPPRESSED+HARD_BOUNCE     no
NEVER        HARD_BOUNCE     hard-bounce    > NEVER        HARD_BOUNCE                     no
NEVER        INVALID_EMAIL   hard-bounce    > NEVER        INVALID_EMAIL+HARD_BOUNCE       no
SUBSCRIBED   -               hard-bounce    > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   UNSUBSCRIBE     hard-bounce    > SUBSCRIBED   UNSUBSCRIBE+HARD_BOUNCE         no
SUBSCRIBED   SPAM_COMPLAINT  hard-bounce    > SUBSCRIBED   SPAM_COMPLAINT+HARD_BOUNCE      no
SUBSCRIBED   USER_SUPPRESSED hard-bounce    > SUBSCRIBED   USER_SUPPRESSED+HARD_BOUNCE     no
SUBSCRIBED   HARD_BOUNCE     hard-bounce    > SUBSCRIBED   HARD_BOUNCE                     no
SUBSCRIBED   INVALID_EMAIL   hard-bounce    > SUBSCRIBED   INVALID_EMAIL+HARD_BOUNCE       no
UNSUBSCRIBED -               hard-bounce    > UNSUBSCRIBED HARD_BOUNCE                     no
UNSUBSCRIBED UNSUBSCRIBE     hard-bounce    > UNSUBSCRIBED UNSUBSCRIBE+HARD_BOUNCE         no
UNSUBSCRIBED SPAM_COMPLAINT  hard-bounce    > UNSUBSCRIBED SPAM_COMPLAINT+HARD_BOUNCE      no
UNSUBSCRIBED USER_SUPPRESSED hard-bounce    > UNSUBSCRIBED USER_SUPPRESSED+HARD_BOUNCE     no
UNSUBSCRIBED HARD_BOUNCE     hard-bounce    > UNSUBSCRIBED HARD_BOUNCE                     no
UNSUBSCRIBED INVALID_EMAIL   hard-bounce    > UNSUBSCRIBED INVALID_EMAIL+HARD_BOUNCE       no
`;

// marketing, transactional, when, what happens > marketing, transactional, may either be sent
const smsTable = `
NEVER        NEVER        later   grant-marketing        > SUBSCRIBED   NEVER        yes yes
NEVER        NEVER        earlier grant-marketing        > SUBSCRIBED   NEVER        yes yes
NEVER        SUBSCRIBED   later   grant-marketing        > SUBSCRIBED   SUBSCRIBED   yes yes
NEVER        SUBSCRIBED   earlier grant-marketing        > SUBSCRIBED   SUBSCRIBED   yes yes
NEVER        UNSUBSCRIBED later   grant-marketing        > SUBSCRIBED   UNSUBSCRIBED yes yes
NEVER        UNSUBSCRIBED earlier grant-marketing        > SUBSCRIBED   UNSUBSCRIBED yes yes
SUBSCRIBED   NEVER        later   grant-marketing        > SUBSCRIBED   NEVER        yes yes
SUBSCRIBED   NEVER        earlier grant-marketing        > SUBSCRIBED   NEVER        yes yes
SUBSCRIBED   SUBSCRIBED   later   grant-marketing        > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   SUBSCRIBED   earlier grant-marketing        > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   UNSUBSCRIBED later   grant-marketing        > SUBSCRIBED   UNSUBSCRIBED yes yes
SUBSCRIBED   UNSUBSCRIBED earlier grant-marketing        > SUBSCRIBED   UNSUBSCRIBED yes yes
UNSUBSCRIBED NEVER        later   grant-marketing        > SUBSCRIBED   NEVER        yes yes
UNSUBSCRIBED NEVER        earlier grant-marketing        > UNSUBSCRIBED NEVER        no  no
UNSUBSCRIBED SUBSCRIBED   later   grant-marketing        > SUBSCRIBED   SUBSCRIBED   yes yes
UNSUBSCRIBED SUBSCRIBED   earlier grant-marketing        > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED UNSUBSCRIBED later   grant-marketing        > SUBSCRIBED   UNSUBSCRIBED yes yes
UNSUBSCRIBED UNSUBSCRIBED earlier grant-marketing        > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        NEVER        later   grant-transactional    > NEVER        SUBSCRIBED   no  yes
NEVER        NEVER        earlier grant-transactional    > NEVER        SUBSCRIBED   no  yes
NEVER        SUBSCRIBED   later   grant-transactional    > NEVER        SUBSCRIBED   no  yes
NEVER        SUBSCRIBED   earlier grant-transactional    > NEVER        SUBSCRIBED   no  yes
NEVER        UNSUBSCRIBED later   grant-transactional    > NEVER        SUBSCRIBED   no  yes
NEVER        UNSUBSCRIBED earlier grant-transactional    > NEVER        UNSUBSCRIBED no  no
SUBSCRIBED   NEVER        later   grant-transactional    > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   NEVER        earlier grant-transactional    > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   SUBSCRIBED   later   grant-transactional    > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   SUBSCRIBED   earlier grant-transactional    > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   UNSUBSCRIBED later   grant-transactional    > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   UNSUBSCRIBED earlier grant-transactional    > SUBSCRIBED   UNSUBSCRIBED yes yes
UNSUBSCRIBED NEVER        later   grant-transactional    > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED NEVER        earlier grant-transactional    > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED SUBSCRIBED   later   grant-transactional    > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED SUBSCRIBED   earlier grant-transactional    > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED UNSUBSCRIBED later   grant-transactional    > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED UNSUBSCRIBED earlier grant-transactional    > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        NEVER        later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        NEVER        earlier withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        SUBSCRIBED   later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        SUBSCRIBED   earlier withdraw-marketing     > UNSUBSCRIBED SUBSCRIBED   no  yes
NEVER        UNSUBSCRIBED later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        UNSUBSCRIBED earlier withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   NEVER        later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   NEVER        earlier withdraw-marketing     > SUBSCRIBED   UNSUBSCRIBED yes yes
SUBSCRIBED   SUBSCRIBED   later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   SUBSCRIBED   earlier withdraw-marketing     > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   UNSUBSCRIBED later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   UNSUBSCRIBED earlier withdraw-marketing     > SUBSCRIBED   UNSUBSCRIBED yes yes
UNSUBSCRIBED NEVER        later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED NEVER        earlier withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED SUBSCRIBED   later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED SUBSCRIBED   earlier withdraw-marketing     > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED UNSUBSCRIBED later   withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED UNSUBSCRIBED earlier withdraw-marketing     > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        NEVER        later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        NEVER        earlier withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        SUBSCRIBED   later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        SUBSCRIBED   earlier withdraw-transactional > UNSUBSCRIBED SUBSCRIBED   no  yes
NEVER        UNSUBSCRIBED later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
NEVER        UNSUBSCRIBED earlier withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   NEVER        later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   NEVER        earlier withdraw-transactional > SUBSCRIBED   UNSUBSCRIBED yes yes
SUBSCRIBED   SUBSCRIBED   later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   SUBSCRIBED   earlier withdraw-transactional > SUBSCRIBED   SUBSCRIBED   yes yes
SUBSCRIBED   UNSUBSCRIBED later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
SUBSCRIBED   UNSUBSCRIBED earlier withdraw-transactional > SUBSCRIBED   UNSUBSCRIBED yes yes
UNSUBSCRIBED NEVER        later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED NEVER        earlier withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED SUBSCRIBED   later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED SUBSCRIBED   earlier withdraw-transactional > UNSUBSCRIBED SUBSCRIBED   no  yes
UNSUBSCRIBED UNSUBSCRIBED later   withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
UNSUBSCRIBED UNSUBSCRIBED earlier withdraw-transactional > UNSUBSCRIBED UNSUBSCRIBED no  no
`;

// consent, when, what happens > consent, may it be sent; alike for the channels that know one consent each
const otherTable = `
NEVER        later   grant    > SUBSCRIBED   yes
NEVER        earlier grant    > SUBSCRIBED   yes
SUBSCRIBED   later   grant    > SUBSCRIBED   yes
SUBSCRIBED   earlier grant    > SUBSCRIBED   yes
UNSUBSCRIBED later   grant    > SUBSCRIBED   yes
UNSUBSCRIBED earlier grant    > UNSUBSCRIBED no
NEVER        later   withdraw > UNSUBSCRIBED no
NEVER        earlier withdraw > UNSUBSCRIBED no
SUBSCRIBED   later   withdraw > UNSUBSCRIBED no
SUBSCRIBED   earlier withdraw > SUBSCRIBED   yes
UNSUBSCRIBED later   withdraw > UNSUBSCRIBED no
UNSUBSCRIBED earlier withdraw > UNSUBSCRIBED no
`;

describe('email marketing', () => {
  it.each(rowsOf(emailTable))('%s', async (line) => {
    const [consent = '', suppression, act = '', after = '', left = '', receives] = wordsOf(line);
    const { ports, account, subscriptions } = await personWith({ email: consent }, suppression);
    const word = (at: number) => ({ address: email, at, how });
    const acts: Record<string, () => Promise<unknown>> = {
      grant: () => grantEmail(ports, account, word(later)),
      'old-grant': () => grantEmail(ports, account, word(earlier)),
      withdrawal: () => withdrawEmail(ports, account, word(later)),
      'old-withdrawal': () => withdrawEmail(ports, account, word(earlier)),
      complaint: () => complainEmail(ports, account, word(later)),
      suppression: () => suppressEmail(ports, account, { ...word(later), reason: 'USER_SUPPRESSED' }),
      unsuppression: () => unsuppressEmail(ports, account, word(later)),
      'hard-bounce': () => suppressEmail(ports, account, { ...word(later), reason: 'HARD_BOUNCE' }),
    };
    await acts[act]!();
    const { marketing } = (await subscriptions()).email;
    expect(marketing.consent).toBe(told(after));
    expect(marketing.suppression.map(({ reason }) => reason)).toEqual(left === '-' ? [] : left.split('+'));
    expect(marketing.can_receive_email_marketing).toBe(receives === 'yes');
  });
});

describe('SMS: who opts out of one opts out of both, and marketing allows transactional', () => {
  it.each(rowsOf(smsTable))('%s', async (line) => {
    const [sms = '', transactional = '', when, act = '', ...after] = wordsOf(line);
    const { ports, account, subscriptions } = await personWith({ sms, sms_transactional: transactional });
    const kind = act.endsWith('marketing') ? 'sms' : 'sms_transactional';
    const said = { kind, of: phone_number, at: when === 'later' ? later : earlier, how } as const;
    await (act.startsWith('grant') ? grant : withdraw)(ports, account, said);
    const shown = (await subscriptions()).sms;
    expect([
      shown.marketing.consent,
      shown.transactional.consent,
      shown.marketing['can_receive_sms_marketing'],
      shown.transactional['can_receive_sms_transactional'],
    ]).toEqual([told(after[0] ?? ''), told(after[1] ?? ''), after[2] === 'yes', after[3] === 'yes']);
  });
});

describe.each(['open_tracking', 'push', 'whatsapp', 'whatsapp_transactional', 'whatsapp_conversational'] as const)(
  'consent to %s needs a yes, and the later word counts',
  (kind) => {
    it.each(rowsOf(otherTable))('%s', async (line) => {
      const [before = '', when, act, after = '', receives] = wordsOf(line);
      const { ports, account, id, subscriptions } = await personWith({ [kind]: before });
      const of = { open_tracking: email, push: id }[kind as string] ?? phone_number;
      const said = { kind, of, at: when === 'later' ? later : earlier, how } as const;
      await (act === 'grant' ? grant : withdraw)(ports, account, said);
      const shown = await subscriptions();
      const channel = {
        open_tracking: shown.email.open_tracking,
        push: shown.mobile_push.marketing,
        whatsapp: shown.whatsapp['marketing'],
        whatsapp_transactional: shown.whatsapp['transactional'],
        whatsapp_conversational: shown.whatsapp['conversational'],
      }[kind];
      expect(channel?.consent).toBe(told(after));
      expect(channel?.['can_receive_push_marketing'] ?? channel?.['can_receive']).toBe(receives === 'yes');
    });
  },
);
