// The owner's commands, the same against the local system and a deployed one.
import { parseArgs } from 'node:util';
import {
  type AccountSettings,
  type Registry,
  changeAccount,
  createAccount,
  createKey,
  fullAccess,
  listAccounts,
  listKeys,
  readAccount,
  revokeKey,
} from '../../shared/domain/account/index.ts';
import { normaliseEmail } from '../../shared/domain/identity/index.ts';
import { type AccountId, accountId } from '../../shared/kernel/ids.ts';
import { isZone } from '../../shared/kernel/zone.ts';
import type { QueueName } from '../../shared/messages.ts';
import { queues } from '../../shared/topology.ts';
import { csvUsage } from './csv/index.ts';
import { channelSettingsIn } from './channel-settings.ts';
import { UsageError } from './usage-error.ts';

export { UsageError };

/** What the commands work on. */
export interface Deployment {
  registry: Registry;
  /** Puts the dead letters of a queue back; answers what to tell. */
  redrive: (queue: QueueName) => Promise<string>;
}

export const usage = `millrace accounts create --name NAME --sender ADDRESS [--timezone ZONE] [--currency CODE]
millrace accounts set --account ID [--opt-in single|double] [--list-unsubscribe global|list] [--sms-age YEARS|any]
                      [--merge-on-external-id on|off] [--sms-sender *|COUNTRY=NUMBER,…] [--sms-quiet-hours 21:00-08:00[@eastern]]
                      [--push-application ios|android=ARN,…] [--smart-sending email|sms|push=HOURS,…] [--back-in-stock 1x5/60m] [--rate-limits on|off]
millrace accounts list
millrace keys create --account ID --name NAME --scopes full|SCOPE,SCOPE…
millrace keys list --account ID
millrace keys revoke HINT --account ID
millrace redrive QUEUE

Against the local system (npm start): --url http://127.0.0.1:3000 (the default).
Against a deployed one: --table NAME (for redrive: --dead-letters ARN of the queue's dead-letter queue), with your AWS
credentials and region as for any AWS tool.

${csvUsage}`;

const options = {
  name: { type: 'string' },
  sender: { type: 'string' },
  timezone: { type: 'string' },
  currency: { type: 'string' },
  account: { type: 'string' },
  'opt-in': { type: 'string' },
  'list-unsubscribe': { type: 'string' },
  'sms-age': { type: 'string' },
  'sms-sender': { type: 'string' },
  'sms-quiet-hours': { type: 'string' },
  'push-application': { type: 'string' },
  'smart-sending': { type: 'string' },
  'back-in-stock': { type: 'string' },
  scopes: { type: 'string' },
  'merge-on-external-id': { type: 'string' },
  'rate-limits': { type: 'string' },
} as const;

type Values = Partial<Record<keyof typeof options, string>>;

interface Given {
  /** What stands after the command's own words. */
  rest: readonly string[];
  values: Values;
}

type Command = (deployment: Deployment, given: Given) => Promise<string>;

const commands: Readonly<Record<string, Command>> = {
  'accounts create': async ({ registry }, { values }) => {
    const { timezone, currency } = values;
    check(
      normaliseEmail(need(values, 'sender')) !== undefined,
      '--sender is the address that mails come from: hello@example.org.',
    );
    check(timezone === undefined || isZone(timezone), '--timezone is a name such as America/New_York.');
    check(currency === undefined || /^[A-Z]{3}$/.test(currency), '--currency is a code such as USD.');
    const account = await createAccount(registry, {
      name: need(values, 'name'),
      senderEmail: need(values, 'sender'),
      ...(timezone !== undefined && { timezone }),
      ...(currency !== undefined && { currency }),
    });
    return `${account.id}  ${account.name}\nMake a key for it: millrace keys create --account ${account.id} --name NAME --scopes full`;
  },
  'accounts set': async ({ registry }, { values }) => {
    const account = await accountIn(registry, values);
    const settings = settingsIn(values);
    check(Object.keys(settings).length > 0, `Say what to set.\n\n${usage}`);
    await changeAccount(registry, account, settings);
    return 'It is in force everywhere within a minute. Lists that are there keep their own way of opting in.';
  },
  'accounts list': async ({ registry }) => {
    const accounts = await listAccounts(registry);
    return accounts.map(({ id, name }) => `${id}  ${name}`).join('\n') || 'There are no accounts yet.';
  },
  'keys create': async ({ registry }, { values }) => {
    const account = await accountIn(registry, values);
    const scopes = scopesOf(need(values, 'scopes'));
    const { secret, key } = await createKey(registry, account, { name: need(values, 'name'), scopes });
    return `${secret}\nThis is the only time it is shown. It is listed as ${key.hint}.`;
  },
  'keys list': async ({ registry }, { values }) => {
    const keys = await listKeys(registry, await accountIn(registry, values));
    const lines = keys.map(({ hint, name, scopes, revoked }) => {
      const state = revoked === undefined ? '' : `  revoked ${revoked}`;
      return `${hint}  ${name}  ${scopes.join(',')}${state}`;
    });
    return lines.join('\n') || 'The account has no keys yet.';
  },
  'keys revoke': async ({ registry }, { values, rest }) => {
    const [name] = rest;
    if (name === undefined) throw new UsageError('Name the key by its hint or its name (see: keys list).');
    const key = await revokeKey(registry, await accountIn(registry, values), name);
    return `${key.hint} is revoked; it is refused everywhere within a minute.`;
  },
  redrive: async ({ redrive }, { rest }) => {
    const [queue] = rest;
    if (!isQueue(queue)) throw new UsageError(`Name one of the queues: ${Object.keys(queues).join(', ')}.`);
    return redrive(queue);
  },
};

const isQueue = (name: string | undefined): name is QueueName => name !== undefined && Object.hasOwn(queues, name);

/** Runs one command line (without the program's name) and answers what to print. Throws UsageError. */
export async function runCommand(deployment: Deployment, args: readonly string[]): Promise<string> {
  return commandOf(args)(deployment);
}

/** Understands a command line; throws UsageError before anything is asked of a deployment when it is none. */
export function commandOf(args: readonly string[]): (deployment: Deployment) => Promise<string> {
  const { values, positionals } = parsed(args);
  const [first = '', second = ''] = positionals;
  for (const [name, length] of [
    [`${first} ${second}`, 2],
    [first, 1],
  ] as const) {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command) return (deployment) => command(deployment, { values, rest: positionals.slice(length) });
  }
  throw new UsageError(usage);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function need(values: Values, name: keyof Values): string {
  const value = values[name];
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing.\n\n${usage}`);
  return value;
}

/** The account that the command is about; refuses one that is not there. */
async function accountIn(registry: Registry, values: Values): Promise<AccountId> {
  const { id } = await readAccount(registry, accountId(need(values, 'account')));
  return accountId(id);
}

function isOn(values: Values, name: keyof Values): boolean | undefined {
  const value = values[name];
  check(value === undefined || value === 'on' || value === 'off', `--${name} is on or off.`);
  return value === undefined ? undefined : value === 'on';
}

function settingsIn(values: Values): AccountSettings {
  const { 'opt-in': optIn, 'list-unsubscribe': unsubscribe, 'sms-age': age } = values;
  const [merge, limits] = [isOn(values, 'merge-on-external-id'), isOn(values, 'rate-limits')];
  check(optIn === undefined || optIn === 'single' || optIn === 'double', '--opt-in is single or double.');
  check(
    unsubscribe === undefined || unsubscribe === 'global' || unsubscribe === 'list',
    '--list-unsubscribe is global (leaving one list is leaving all email) or list.',
  );
  check(age === undefined || age === 'any' || /^[1-9]\d?$/.test(age), '--sms-age is a number of years, or any.');
  return {
    ...(optIn !== undefined && { optIn: optIn === 'double' ? 'double_opt_in' : 'single_opt_in' }),
    ...(unsubscribe !== undefined && { unsubscribeIsGlobal: unsubscribe === 'global' }),
    ...(merge !== undefined && { mergeOnExternalId: merge }),
    ...(limits !== undefined && { rateLimits: limits }),
    ...channelSettingsIn(values),
    ...(age !== undefined && { smsMinimumAge: age === 'any' ? null : Number(age) }),
  };
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new UsageError(message);
}

function scopesOf(text: string): readonly string[] {
  if (text === 'full') return fullAccess;
  const scopes = text.split(',').map((scope) => scope.trim());
  const odd = scopes.find((scope) => !/^[a-z-]+:(read|write)$/.test(scope));
  if (odd !== undefined) throw new UsageError(`A scope reads like profiles:read, not "${odd}"; or say full.`);
  return scopes;
}
