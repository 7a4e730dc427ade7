import { type AccountId, accountId } from '../../kernel/ids.ts';
import { ApiError, refuse } from '../../kernel/errors.ts';
import { minute } from '../../kernel/time.ts';
import type { Scopes } from '../../jsonapi/handle.ts';
import type { HttpRequest } from '../../jsonapi/http.ts';
import type { Operation } from '../../jsonapi/operation.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem } from '../../storage/items.ts';
import { accountByPublicId } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { readAccount } from './accounts.ts';
import { findKey } from './keys.ts';

interface Caller {
  account: AccountId;
  owner: AccountItem;
  scopes: Scopes;
  key?: string;
}

const everyScope: Scopes = { has: () => true };
const noScope: Scopes = { has: () => false };

/** How long a worker trusts what it knows of a key: a revoked key is refused everywhere after this. */
const trust = minute;
const mostCallers = 1000;

/**
 * Finds out who calls: the holder of a private key (`Authorization: Klaviyo-API-Key pk_…`), or, for public operations,
 * the company that `company_id` names. Refuses with 401 otherwise. Known callers are held for a minute.
 */
export function authenticator(ports: Ports): (request: HttpRequest, operation: Operation<Context>) => Promise<Context> {
  const held = new Map<string, { caller: Caller; until: number }>();

  async function remember(name: string, find: () => Promise<Caller>): Promise<Caller & { ports: Ports }> {
    const now = ports.clock.now();
    const known = held.get(name);
    if (known && known.until > now) return { ...known.caller, ports };
    const caller = await find();
    if (held.size >= mostCallers) held.clear();
    held.set(name, { caller, until: now + trust });
    return { ...caller, ports };
  }

  return async (request, operation) => {
    if (operation.auth === 'public') {
      const company = companyOf(request);
      const caller = await remember(`company ${company}`, () => publicCaller(ports, company));
      return { ...caller, ...addressOf(request), viewer: viewerOf(request) };
    }
    const secret = secretOf(request);
    return remember(`key ${secret}`, () => privateCaller(ports, secret));
  };
}

function viewerOf({ headers }: HttpRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('cloudfront-viewer-')));
}

/** Where a browser sits: CloudFront says it (`address:port`) where it stands before us; else the gateway's own view. */
function addressOf({ headers, ip }: HttpRequest): { ip?: string } {
  const viewer = headers['cloudfront-viewer-address']?.replace(/:\d+$/, '');
  const address = viewer ?? ip;
  return address === undefined ? {} : { ip: address };
}

async function privateCaller(ports: Ports, secret: string): Promise<Caller> {
  const key = await findKey(ports, secret);
  if (!key) {
    throw refuse(
      'authentication_failed',
      'The API key is unknown or was revoked. Make one with: npx millrace keys create',
    );
  }
  const scopes = key.scopes.includes('*') ? everyScope : new Set(key.scopes);
  return { account: key.owner, owner: await readAccount(ports, key.owner), scopes, key: secret.slice(-4) };
}

async function publicCaller(ports: Ports, company: string): Promise<Caller> {
  const entry = await ports.store.get(accountByPublicId(company));
  if (!entry) throw refuse('invalid', 'No company has this id.', 'company_id');
  const account = accountId(entry.account);
  return { account, owner: await readAccount(ports, account), scopes: noScope };
}

function secretOf(request: HttpRequest): string {
  const header = request.headers['authorization'];
  if (header === undefined || header === '') {
    throw refuse('not_authenticated', 'Send the header "Authorization: Klaviyo-API-Key pk_…" with a private key.');
  }
  const [scheme, secret, ...rest] = header.trim().split(/\s+/);
  if (scheme?.toLowerCase() !== 'klaviyo-api-key' || secret === undefined || rest.length > 0) {
    throw refuse('authentication_failed', 'The Authorization header must read "Klaviyo-API-Key pk_…".');
  }
  return secret;
}

function companyOf(request: HttpRequest): string {
  const company = new URLSearchParams(request.query).get('company_id');
  if (company === null || company === '') {
    throw new ApiError({
      code: 'missing',
      detail: 'Name the company with the query parameter company_id.',
      source: { parameter: 'company_id' },
    });
  }
  return company;
}
