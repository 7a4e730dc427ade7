#!/usr/bin/env node
// npx millrace: the owner's commands. Picks the system that they are for, runs them, prints what they answer.
import { ApiError } from '../../shared/kernel/errors.ts';
import { UsageError, commandOf, runCommand, usage } from './commands.ts';
import { isCsvCommand, runCsv } from './csv/index.ts';
import { localUrl } from './local.ts';

/** Takes `--name value` or `--name=value` out of the arguments, for the options that say where the system is. */
function take(args: string[], name: string): string | undefined {
  const place = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (place < 0) return undefined;
  const [arg = '', next] = args.slice(place, place + 2);
  const joined = arg.includes('=');
  const value = joined ? arg.slice(arg.indexOf('=') + 1) : next;
  if (value === undefined || value === '' || value.startsWith('--')) throw new UsageError(`--${name} needs a value.`);
  args.splice(place, joined ? 1 : 2);
  return value;
}

/** Milliseconds: what listens there and does not answer is no Millrace, or one that stands still. */
const patience = 60_000;

async function onLocal(url: string, args: readonly string[]): Promise<string> {
  const answer = await fetch(`${url}/x/local/command`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
    signal: AbortSignal.timeout(patience),
  }).catch(() => undefined);
  if (!answer) throw new UsageError(`No local Millrace answers at ${url}. Start one with: npm start`);
  const text = await answer.text();
  if (!answer.ok) throw new UsageError(text);
  return text;
}

async function onDeployed(args: readonly string[], at: { table: string | undefined; deadLetters: string | undefined }) {
  // Loaded here, so that the local commands do not wait for the AWS SDK.
  const { deployed } = await import('./deployed.ts');
  return runCommand(deployed(at), args);
}

async function run(args: string[]): Promise<string> {
  if (args.includes('--help')) return usage;
  if (isCsvCommand(args))
    return runCsv(args, { env: process.env, progress: (text) => process.stderr.write(`${text}\n`) });
  const url = take(args, 'url') ?? localUrl;
  const table = take(args, 'table');
  const deadLetters = take(args, 'dead-letters');
  // A line that is no command is told so before anyone is called.
  commandOf(args);
  const deployed = table !== undefined || deadLetters !== undefined;
  return deployed ? onDeployed(args, { table, deadLetters }) : onLocal(url.replace(/\/$/, ''), args);
}

/** By the name of what AWS or its SDK answers. */
const advice: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'There is no such table (or queue) in this AWS account and region.',
  CredentialsProviderError:
    'There are no AWS credentials here: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
};

/** What is wrong with the command is for the person; anything else is a fault and shows where it came from. */
function explained(error: unknown): unknown {
  if (error instanceof UsageError || error instanceof ApiError) return error.message;
  if (!(error instanceof Error)) return error;
  if (error.message === 'Region is missing')
    return 'Say in which AWS region it is: AWS_REGION=eu-central-1 npx millrace ...';
  return advice[error.name] ?? error;
}

try {
  console.log(await run(process.argv.slice(2)));
} catch (error) {
  console.error(explained(error));
  process.exitCode = 2;
}
