// Turns what zod found wrong with a body into faults that say what to change and where.
import type * as z from 'zod/mini';
import type { Fault } from '../kernel/errors.ts';
import { isPlainObject } from './bag.ts';
import { escapePointer } from './json.ts';
import { shown } from './query/params.ts';

type Issue = z.core.$ZodIssue;

const maxFaults = 10;

/**
 * The message of an issue that its schema has no words for, which bodies are parsed with: zod's own words depend on a
 * language that the whole process has set.
 */
export const unsaid = 'Invalid input';

/** At most ten faults, at least one, for the issues of a body that did not fit its schema. */
export function faultsOfBody(issues: readonly Issue[], body: unknown): [Fault, ...Fault[]] {
  const faults = issues
    .slice(0, maxFaults)
    .flatMap((issue) => faultsOfIssue(issue, body, issue.path))
    .slice(0, maxFaults);
  const [first = { code: 'invalid', detail: 'The body does not have the expected shape.' }, ...rest] = faults;
  return [first, ...rest];
}

function faultsOfIssue(issue: Issue, body: unknown, path: readonly PropertyKey[]): Fault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, maxFaults).map((key) => fault('invalid', unknownKey(key, body, path), [...path, key]));
  if (issue.code === 'invalid_union') return faultsOfUnion(issue, body, path);
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return issue.issues.flatMap((inner) => faultsOfIssue(inner, body, [...path, ...inner.path])).slice(0, maxFaults);
  const name = nameOf(path);
  if (valueAt(body, path) === undefined && issue.code !== 'custom')
    return [fault('missing', `${name} is required.`, path)];
  return [fault('invalid', sentence(name, said(issue)), path)];
}

/** A path's last named step in quotes; entries of lists by their list. */
function nameOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'The body';
  if (typeof last !== 'number') return `'${shown(String(last))}'`;
  const list = path.findLast((step) => typeof step !== 'number');
  return `Entry ${last + 1} of '${shown(String(list ?? 'the list'))}'`;
}

/** A message written for the purpose wins; one that begins with a capital is a sentence of its own. */
function said(issue: Issue): string {
  return issue.message === unsaid || issue.message === '' ? reasons(issue) : issue.message;
}

function sentence(name: string, reason: string): string {
  if (/^\p{Lu}/u.test(reason)) return reason;
  return `${name} ${reason}${reason.endsWith('.') ? '' : '.'}`;
}

function reasons(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be ${kindOf(issue.expected)}`;
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values)}`;
  if (issue.code === 'too_small') return `must ${sized(issue.origin, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big') return `must ${sized(issue.origin, 'at most', issue.maximum)}`;
  if (issue.code === 'invalid_format') return formats[issue.format] ?? 'does not have the expected format';
  return issue.code === 'not_multiple_of' ? `must be a multiple of ${issue.divisor}` : 'is not valid';
}

const formats: Readonly<Record<string, string>> = {
  email: 'must be an email address',
  url: 'must be a URL',
  uuid: 'must be a UUID',
  datetime: 'must be an ISO 8601 datetime such as 2026-01-31T09:30:00+00:00',
  date: 'must be a date such as 2026-01-31',
};

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function kindOf(expected: string): string {
  return kinds[expected] ?? expected;
}

function sized(origin: string, bound: string, limit: number | bigint): string {
  const one = Number(limit) === 1;
  if (origin === 'string') return `have ${bound} ${limit} ${one ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `have ${bound} ${limit} ${one ? 'entry' : 'entries'}`;
  return `be ${bound} ${limit}`;
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.slice(0, 40).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const more = values.length > 40 ? ' …' : '';
  return quoted.length === 1 ? quoted.join('') : `one of ${quoted.join(', ')}${more}`;
}

function unknownKey(key: string, body: unknown, path: readonly PropertyKey[]): string {
  const type = resourceAround(body, path);
  return `'${shown(key)}' is not a valid field${type === undefined ? '' : ` for the resource '${shown(type)}'`}.`;
}

/** The type of the innermost resource object on the way to a path. */
function resourceAround(body: unknown, path: readonly PropertyKey[]): string | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const holder = valueAt(body, path.slice(0, length));
    if (isPlainObject(holder) && typeof holder['type'] === 'string' && isEnvelope(path, length)) return holder['type'];
  }
  return undefined;
}

/** Only what stands under `data` is a resource; definitions have types of their own. */
function isEnvelope(path: readonly PropertyKey[], length: number): boolean {
  const step = path[length - 1];
  return step === 'data' || (typeof step === 'number' && path[length - 2] === 'data');
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** The faults of the alternative that comes closest; of none when none was meant more than another. */
function faultsOfUnion(issue: UnionIssue, body: unknown, path: readonly PropertyKey[]): Fault[] {
  const name = nameOf(path);
  const isMissing = valueAt(body, path) === undefined;
  if (isMissing && !('options' in issue)) return [fault('missing', `${name} is required.`, path)];
  if (issue.message !== unsaid) return [fault('invalid', sentence(name, issue.message), path)];
  if ('options' in issue && Array.isArray(issue.options)) return [tagFault(isMissing, path, issue.options)];
  const ranked = issue.errors.map((issues) => ({ issues, score: distance(issues) }));
  const best = ranked.reduce<(typeof ranked)[number] | undefined>(
    (closest, one) => (closest === undefined || one.score < closest.score ? one : closest),
    undefined,
  );
  if (best === undefined) return [fault('invalid', `${name} does not match any of the allowed forms.`, path)];
  const tied = ranked.filter((one) => one.score === best.score && one.score >= wrongKind);
  if (tied.length > 1)
    return tiedFaults(
      tied.flatMap((one) => one.issues),
      body,
      path,
    );
  return best.issues.flatMap((inner) => faultsOfIssue(inner, body, [...path, ...inner.path])).slice(0, maxFaults);
}

const wrongKind = 1000;
const wrongTag = 100_000;
const wrongRoot = 10_000_000;

/** How far a value is from an alternative: another kind of value is farthest, then another `type`, then single fields. */
function distance(issues: readonly Issue[]): number {
  let sum = 0;
  for (const issue of issues) {
    if (issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'custom') sum += wrongRoot;
    else if (issue.path.length === 1 && issue.code === 'invalid_value')
      sum += issue.values.length === 1 ? wrongTag : wrongKind;
    else if (issue.code === 'unrecognized_keys') sum += issue.keys.length;
    else sum += 1;
  }
  return sum;
}

/** Alternatives that are equally far off, told apart by one key or by their kind: what that may be, in one fault. */
function tiedFaults(issues: readonly Issue[], body: unknown, path: readonly PropertyKey[]): Fault[] {
  const tags = issues.filter((issue) => issue.code === 'invalid_value');
  const at = tags[0]?.path ?? [];
  const place = [...path, ...at];
  const values = [...new Set(tags.filter((issue) => issue.path.join() === at.join()).flatMap((issue) => issue.values))];
  if (values.length > 0) return [tagFault(valueAt(body, place) === undefined, place, values)];
  const expected = issues.flatMap((issue) =>
    issue.code === 'invalid_type' && issue.path.length === 0 ? [kindOf(issue.expected)] : [],
  );
  const allowed = [...new Set(expected)];
  const detail = allowed.length > 0 ? `must be ${allowed.join(' or ')}` : 'does not match any of the allowed forms';
  return [fault('invalid', `${nameOf(path)} ${detail}.`, path)];
}

/** The key that tells alternatives apart is missing, or names none of them. */
function tagFault(isMissing: boolean, path: readonly PropertyKey[], values: readonly unknown[]): Fault {
  const name = nameOf(path);
  return isMissing
    ? fault('missing', `${name} is required. It must be ${oneOf(values)}.`, path)
    : fault('invalid', `${name} must be ${oneOf(values)}.`, path);
}

function fault(code: Fault['code'], detail: string, path: readonly PropertyKey[]): Fault {
  const pointer = path.map((step) => `/${escapePointer(String(step))}`).join('') || '/data';
  return { code, detail, source: { pointer } };
}
