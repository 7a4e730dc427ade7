// millrace import and export: command lines that talk to the public API with a key.
import { parseArgs } from 'node:util';
import { localKey, localUrl } from '../local.ts';
import { UsageError } from '../usage-error.ts';
import { apiAt } from './api.ts';
import { exportProfiles } from './export.ts';
import { exportFlow, importFlow } from './flow-files.ts';
import { importProfiles } from './import.ts';
import { suppressAddresses } from './suppress.ts';

export const csvUsage = `millrace import FILE.csv [--list NAME] [--map COLUMN=FIELD]…
millrace import FILE.csv --suppress [--map COLUMN=email]
millrace export FILE.csv [--list NAME | --segment NAME]
millrace export-flow FILE.json --flow NAME|ID
millrace import-flow FILE.json

These speak to the API: --url URL (or MILLRACE_URL) and --key KEY (or MILLRACE_KEY); the local system by default.`;

const options = {
  list: { type: 'string' },
  segment: { type: 'string' },
  map: { type: 'string', multiple: true },
  suppress: { type: 'boolean' },
  flow: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
} as const;

/** True for a command line that `runCsv` understands. */
export const isCsvCommand = ([first = '']: readonly string[]): boolean => commands.has(first);

const commands: ReadonlySet<string> = new Set(['import', 'export', 'import-flow', 'export-flow']);

/** Runs an import or export; answers what to print. Throws UsageError. */
export async function runCsv(
  args: readonly string[],
  { env, progress }: { env: Readonly<Record<string, string | undefined>>; progress: (text: string) => void },
): Promise<string> {
  const { values, positionals } = parsed(args);
  const [command, file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError(`Name one file.\n\n${csvUsage}`);
  const url = (values.url ?? env['MILLRACE_URL'] ?? localUrl).replace(/\/$/, '');
  if (!URL.canParse(url)) throw new UsageError(`--url is an address such as ${localUrl}, not "${url}".`);
  const api = apiAt(url, keyOf(url, values.key ?? env['MILLRACE_KEY']));
  const { list, segment, map = [], suppress = false, flow } = values;
  if (command === 'import-flow') return importFlow(api, { file });
  if (command === 'export-flow') {
    if (flow === undefined) throw new UsageError(`--flow names the flow.\n\n${csvUsage}`);
    return exportFlow(api, { file, flow });
  }
  const renamed = new Map(map.map(pairOf));
  if (suppress && (command === 'export' || list !== undefined)) {
    throw new UsageError('--suppress goes with import, and with no --list: suppressed addresses are on none.');
  }
  if (suppress) return suppressAddresses(api, { file, renamed, progress });
  if (command === 'export') return exportProfiles(api, { file, list, segment, progress });
  return importProfiles(api, { file, url, list, renamed, progress });
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${csvUsage}`);
  }
}

/** The local system's key is known; any other system needs one. */
function keyOf(url: string, key: string | undefined): string {
  if (key !== undefined) return key;
  if (/^(127\.0\.0\.1|localhost|\[::1\])$/.test(new URL(url).hostname)) return localKey;
  throw new UsageError('--key (or MILLRACE_KEY) is missing: a private key of the account.');
}

function pairOf(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`--map reads COLUMN=FIELD, not "${text}".`);
  return [text.slice(0, at), text.slice(at + 1)];
}
