// The system behind real HTTP, the official SDK pointed at it, and a record of the operations that were called.
import * as sdk from 'klaviyo-api';
import { expect } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { privateOperations, publicOperations } from '../../shared/api.ts';
import type { Context } from '../../shared/domain/context.ts';
import type { Operation } from '../../shared/jsonapi/operation.ts';
import { createRouter } from '../../shared/jsonapi/router.ts';
import type { MessageItem } from '../../shared/storage/items.ts';
import { type Target, openTarget } from './target.ts';

export const operations: readonly Operation<Context>[] = [...privateOperations, ...publicOperations];
const route = createRouter(operations);

/** A resource object as answered. */
export interface Shown {
  type: string;
  id: string;
  attributes: Record<string, unknown>;
  relationships: Record<string, { data?: unknown; links?: { self: string; related: string } }>;
  links: { self: string };
}

export interface ShownError {
  id: string;
  status: number;
  code: string;
  title: string;
  detail: string;
  source: { pointer?: string; parameter?: string };
  meta?: Record<string, unknown>;
}

/** An answer, taken apart; what its document does not have is empty. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  one: Shown;
  many: Shown[];
  included: Shown[];
  errors: ShownError[];
  links: { self?: string; next?: string | null; prev?: string | null };
}

export interface Sent {
  key?: string | null;
  /** JSON unless it is a text. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Stage extends Target {
  /** Of full access. */
  key: string;
  sdk: Clients;
  /** The SDK's clients with another key. */
  sdkWith: (key: string) => Clients;
  /** A plain request; `target` is a path with its query, or a whole URL. */
  send: (method: string, target: string, sent?: Sent) => Promise<Answer>;
  /** Everything that follows from what was done so far is done. */
  settle: () => Promise<void>;
  /** Turns the clock forward, `30d`. */
  advance: (span: string) => Promise<void>;
  /** Runs one of the owner's commands and answers what it prints. */
  command: (...args: string[]) => Promise<string>;
  newKey: (scopes: string, account?: string) => Promise<string>;
  /** Operations that were answered with success: by plain requests, by the SDK. */
  exercised: { plain: Set<string>; sdk: Set<string> };
  /** The lines of the system's log. */
  logged: readonly string[];
}

const at = <Api extends { basePath: string }>(api: Api, url: string): Api => {
  api.basePath = url;
  return api;
};

function clientsOf(url: string, key: string) {
  const session = new sdk.ApiKeySession(key);
  return {
    accounts: at(new sdk.AccountsApi(session), url),
    catalogs: at(new sdk.CatalogsApi(session), url),
    coupons: at(new sdk.CouponsApi(session), url),
    campaigns: at(new sdk.CampaignsApi(session), url),
    client: at(new sdk.ClientApi(session), url),
    dataPrivacy: at(new sdk.DataPrivacyApi(session), url),
    events: at(new sdk.EventsApi(session), url),
    flows: at(new sdk.FlowsApi(session), url),
    images: at(new sdk.ImagesApi(session), url),
    lists: at(new sdk.ListsApi(session), url),
    metrics: at(new sdk.MetricsApi(session), url),
    profiles: at(new sdk.ProfilesApi(session), url),
    segments: at(new sdk.SegmentsApi(session), url),
    tags: at(new sdk.TagsApi(session), url),
    trackingSettings: at(new sdk.TrackingSettingsApi(session), url),
    templates: at(new sdk.TemplatesApi(session), url),
    webFeeds: at(new sdk.WebFeedsApi(session), url),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

const sdkMethods: ReadonlySet<string> = new Set(
  Object.values(sdk).flatMap((one) =>
    typeof one === 'function' && one.name.endsWith('Api')
      ? Object.getOwnPropertyNames(one.prototype as object).map((name) => name.toLowerCase())
      : [],
  ),
);

/** Whether the SDK has a method for an operation. */
export const isInSdk = (id: string): boolean => sdkMethods.has(id.replaceAll('_', ''));

export const revision = '2026-07-15';
const nothing: Shown = { type: '', id: '', attributes: {}, relationships: {}, links: { self: '' } };

function answerOf(response: Response, text: string): Answer {
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  const body = (isJson ? JSON.parse(text) : {}) as {
    data?: Shown | Shown[] | null;
    included?: Shown[];
    errors?: ShownError[];
    links?: Answer['links'];
  };
  const { data, included = [], errors = [], links = {} } = body;
  return {
    status: response.status,
    headers: response.headers,
    text,
    one: Array.isArray(data) ? nothing : (data ?? nothing),
    many: Array.isArray(data) ? data : [],
    included,
    errors,
    links,
  };
}

/**
 * Opens the stage on the target of the run: the local system on a free port, its clock running and its work done in the
 * background; with `still` nothing moves between two requests but what `settle` and `advance` bring about. The rehearsal
 * (TARGET=rehearse) is never still.
 */
export async function openStage({ still = false }: { still?: boolean } = {}): Promise<Stage> {
  const exercised = { plain: new Set<string>(), sdk: new Set<string>() };
  const logged: string[] = [];
  const target = await openTarget({
    still,
    log: (line) => void logged.push(line),
    onAnswer(asked, { status }) {
      if (status >= 300) return;
      const found = route(asked.method, asked.path.split('?')[0] ?? '');
      const bySdk = asked.headers?.['user-agent']?.startsWith('klaviyo-api-node') === true;
      if (found && 'operation' in found) exercised[bySdk ? 'sdk' : 'plain'].add(found.operation.id);
    },
  });
  const { url } = target;
  const advance = async (span: string) => {
    const answer = await fetch(`${url}/x/local/clock`, { method: 'POST', body: JSON.stringify({ advance: span }) });
    expect(answer.status).toBe(200);
  };
  const command = async (...args: string[]) => {
    const answer = await fetch(`${url}/x/local/command`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return text;
  };
  return {
    ...target,
    key: seeded.key,
    logged,
    exercised,
    sdk: clientsOf(url, seeded.key),
    sdkWith: (key) => clientsOf(url, key),
    async send(method, target, { key = seeded.key, body, headers = {} } = {}) {
      const response = await fetch(target.startsWith('http') ? target : `${url}${target}`, {
        method,
        headers: {
          ...(key !== null && { authorization: `Klaviyo-API-Key ${key}` }),
          revision,
          ...(body !== undefined && { 'content-type': 'application/vnd.api+json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return answerOf(response, await response.text());
    },
    settle: () => advance('0s'),
    advance,
    command,
    async newKey(scopes, account = seeded.account) {
      const told = await command('keys', 'create', '--account', account, '--name', scopes, '--scopes', scopes);
      return told.split('\n')[0] ?? '';
    },
  };
}

/** Another account of the same deployment, with a key of full access. */
export async function openAccount(stage: Stage, name: string): Promise<{ id: string; key: string }> {
  const told = await stage.command('accounts', 'create', '--name', name, '--sender', 'hello@other.example');
  const id = told.slice(0, 6);
  return { id, key: await stage.newKey('full', id) };
}

/** What the SDK throws when it is refused. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status: number; errors: ShownError[] }> {
  const error: unknown = await call.then(
    () => new Error('It was not refused.'),
    (caught: unknown) => caught,
  );
  const { response } = error as { response?: { status: number; data: { errors: ShownError[] } } };
  if (!response) throw error;
  return { status: response.status, errors: response.data.errors };
}

/** The messages that a flow made. */
export async function messagesOfFlow(stage: Pick<Stage, 'items'>, flow: string): Promise<MessageItem[]> {
  return (await stage.items()).filter(
    (item): item is MessageItem => item.kind === 'message' && 'flow' in item && item.flow === flow,
  );
}
