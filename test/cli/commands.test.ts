import { beforeEach, describe, expect, it } from 'vitest';
import { UsageError, runCommand, usage } from '../../functions/cli/commands.ts';
import { seeded } from '../../functions/local/seed.ts';
import { type LocalSystem, createSystem } from '../../functions/local/system.ts';
import { readAccount } from '../../shared/domain/account/index.ts';
import { ApiError } from '../../shared/kernel/errors.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { minute } from '../../shared/kernel/time.ts';
import { queues } from '../../shared/topology.ts';

let system: LocalSystem;
const run = (...args: string[]) => runCommand(system.deployment, args);

beforeEach(async () => {
  system = await createSystem({ publicUrl: 'http://local.test', real: false });
});

/** The status of a call with this key. */
async function statusWith(key: string, method = 'GET', path = '/api/profiles'): Promise<number> {
  const headers = {
    authorization: `Klaviyo-API-Key ${key}`,
    revision: '2026-07-15',
    'content-type': 'application/json',
  };
  const body = method === 'GET' ? {} : { body: JSON.stringify({ data: { type: 'profile', attributes: {} } }) };
  return (await system.world.request({ method, path, headers, ...body })).status;
}

const firstWord = (text: string) => text.split(/\s/)[0] ?? '';

describe('millrace accounts', () => {
  it('lists the accounts, a new one with its defaults among them', async () => {
    const made = await run('accounts', 'create', '--name', 'Roastery', '--sender', 'hi@roastery.example');
    const id = firstWord(made);
    expect(id).toMatch(/^[0-9A-Za-z]{6}$/);
    expect(made).toContain(`millrace keys create --account ${id}`);
    const lines = (await run('accounts', 'list')).split('\n').sort();
    expect(lines).toEqual([`${seeded.account}  Beantown Coffee`, `${id}  Roastery`].sort());
  });

  it('changes what it is told to, and refuses what is no setting', async () => {
    const set = (...settings: string[]) => run('accounts', 'set', '--account', seeded.account, ...settings);
    expect(await set('--opt-in', 'double', '--list-unsubscribe', 'list', '--sms-age', '21')).toContain('a minute');
    const account = () => readAccount(system.deployment.registry, accountId(seeded.account));
    expect(await account()).toMatchObject({
      opt_in: 'double_opt_in',
      unsubscribe_is_global: false,
      sms_minimum_age: 21,
    });
    await set('--sms-age', 'any');
    expect((await account()).sms_minimum_age).toBeUndefined();
    for (const odd of [
      [],
      ['--rate-limits', 'maybe'],
      ['--opt-in', 'triple'],
      ['--list-unsubscribe', 'no'],
      ['--sms-age', '-3'],
    ]) {
      await expect(set(...odd)).rejects.toBeInstanceOf(UsageError);
    }
  });

  it('lets external ids link people, or not', async () => {
    const set = (value: string) => run('accounts', 'set', '--account', seeded.account, '--merge-on-external-id', value);
    const importBoth = async (n: number) => {
      const send = (attributes: object) =>
        system.world.request({
          method: 'POST',
          path: '/api/profile-import',
          headers: {
            authorization: `Klaviyo-API-Key ${seeded.key}`,
            revision: '2026-07-15',
            'content-type': 'application/json',
          },
          body: JSON.stringify({ data: { type: 'profile', attributes } }),
        });
      const [external_id, email] = [`${n}`, `${n}@example.org`];
      await send({ external_id });
      await send({ email });
      return (await send({ external_id, email })).status;
    };
    expect(await importBoth(1)).toBe(409);
    expect(await set('on')).toContain('a minute');
    expect(await importBoth(2)).toBe(200);
    await set('off');
    expect(await importBoth(3)).toBe(409);
    await expect(set('maybe')).rejects.toThrow(UsageError);
  });

  it('keeps accounts apart: a key of one sees nothing of another', async () => {
    const id = firstWord(await run('accounts', 'create', '--name', 'Roastery', '--sender', 'hi@roastery.example'));
    const key = firstWord(await run('keys', 'create', '--account', id, '--name', 'backend', '--scopes', 'full'));
    const created = await system.world.request({
      method: 'POST',
      path: '/api/profiles',
      headers: {
        authorization: `Klaviyo-API-Key ${seeded.key}`,
        revision: '2026-07-15',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ data: { type: 'profile', attributes: { email: 'ana@example.org' } } }),
    });
    const profile = (JSON.parse(created.body ?? '') as { data: { id: string } }).data.id;
    expect(await statusWith(seeded.key, 'GET', `/api/profiles/${profile}`)).toBe(200);
    expect(await statusWith(key, 'GET', `/api/profiles/${profile}`)).toBe(404);
  });

  it.each([
    [['--name', 'X'], '--sender is missing'],
    [['--sender', 'hi@example.org'], '--name is missing'],
    [['--name', 'X', '--sender', 'nobody'], '--sender is the address'],
    [['--name', 'X', '--sender', 'hi@example.org', '--timezone', 'Mars/Base'], '--timezone is a name such as'],
    [['--name', 'X', '--sender', 'hi@example.org', '--currency', 'dollars'], '--currency is a code such as'],
  ])('makes none of %j, and says why', async (given, reason) => {
    await expect(run('accounts', 'create', ...given)).rejects.toThrow(reason);
    expect(await run('accounts', 'list')).toBe(`${seeded.account}  Beantown Coffee`);
  });
});

describe('millrace keys', () => {
  const create = (name: string, scopes = 'full') =>
    run('keys', 'create', '--account', seeded.account, '--name', name, '--scopes', scopes);
  const list = () => run('keys', 'list', '--account', seeded.account);

  it('shows a new key once and lists it by its hint', async () => {
    const made = await create('backend');
    const secret = firstWord(made);
    expect(secret).toMatch(/^pk_[\w-]{43}$/);
    expect(await statusWith(secret)).toBe(200);
    const hint = /listed as (.+)\.$/.exec(made)?.[1] ?? '';
    expect(await list()).toContain(`${hint}  backend  *`);
    expect(await list()).not.toContain(secret);
  });

  it('gives a key the scopes that it names and no more', async () => {
    const secret = firstWord(await create('reader', 'profiles:read, lists:read'));
    expect(await statusWith(secret)).toBe(200);
    expect(await statusWith(secret, 'POST')).toBe(403);
    expect(await list()).toContain('reader  profiles:read,lists:read');
  });

  it('ends a key everywhere within a minute', async () => {
    const made = await create('leaked');
    const secret = firstWord(made);
    expect(await statusWith(secret)).toBe(200);
    expect(await run('keys', 'revoke', 'leaked', '--account', seeded.account)).toContain('is revoked');
    // The worker that has just seen it trusts it for the rest of its minute.
    expect(await statusWith(secret)).toBe(200);
    await system.world.advance(minute);
    expect(await statusWith(secret)).toBe(401);
    expect(await list()).toMatch(/leaked {2}\* {2}revoked \d{4}-/);
  });

  it('ends a key that no worker holds at once', async () => {
    const made = await create('unused');
    const hint = /listed as (.+)\.$/.exec(made)?.[1] ?? '';
    await run('keys', 'revoke', hint, '--account', seeded.account);
    expect(await statusWith(firstWord(made))).toBe(401);
  });

  it('asks for the hint when a name is not enough', async () => {
    await create('twin');
    await create('twin');
    await expect(run('keys', 'revoke', 'twin', '--account', seeded.account)).rejects.toThrow('name it by its hint');
  });

  it.each([
    [['keys', 'revoke', '--account', seeded.account], UsageError, 'Name the key by its hint'],
    [['keys', 'revoke', 'nothing', '--account', seeded.account], ApiError, 'A key with id nothing does not exist'],
    [['keys', 'create', '--account', 'NoSuch', '--name', 'x', '--scopes', 'full'], ApiError, 'NoSuch does not exist'],
    [['keys', 'create', '--account', seeded.account, '--name', 'x'], UsageError, '--scopes is missing'],
    [
      ['keys', 'create', '--account', seeded.account, '--name', 'x', '--scopes', 'all'],
      UsageError,
      'A scope reads like profiles:read, not "all"',
    ],
    [['keys', 'list'], UsageError, '--account is missing'],
  ])('refuses %j', async (given, kind, reason) => {
    const refused = run(...given);
    await expect(refused).rejects.toThrow(kind);
    await expect(refused).rejects.toThrow(reason);
  });
});

describe('millrace redrive', () => {
  it('puts the dead letters of a queue back', async () => {
    const stuck = { type: 'deliver', account: seeded.account, profile: 'p', message: 'm' } as const;
    await system.world.ports.queue.send('messages', [{ body: stuck }]);
    // Handed out as often as the queue allows, and never worked off.
    for (let i = 0; i < queues.messages.maxReceives; i += 1) {
      system.world.queue.receive('messages', 10);
      system.world.clock.advance(hourOfVisibility);
    }
    system.world.queue.receive('messages', 10);
    expect(system.world.deadLetters('messages')).toHaveLength(1);
    expect(await run('redrive', 'messages')).toBe('1 messages went back into messages.');
    await system.world.settle();
    expect(system.world.deadLetters('messages')).toHaveLength(0);
    expect(system.world.queue.size('messages')).toBe(0);
  });

  it('names the queues when it is given none of them', async () => {
    await expect(run('redrive', 'nothing')).rejects.toThrow(Object.keys(queues).join(', '));
    await expect(run('redrive')).rejects.toThrow(UsageError);
  });
});

const hourOfVisibility = 60 * minute;

describe('millrace', () => {
  it.each([[[]], [['accounts']], [['toString']], [['accounts', 'destroy']]])(
    'tells its usage for %j',
    async (given) => {
      await expect(run(...given)).rejects.toThrow(new UsageError(usage));
    },
  );

  it('names an option that it does not know', async () => {
    await expect(run('accounts', 'list', '--colour', 'red')).rejects.toThrow("Unknown option '--colour'");
  });
});
