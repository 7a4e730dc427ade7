import { refuse } from '../kernel/errors.ts';
import type { Operation } from './operation.ts';

/**
 * Refuses a missing, malformed or future `revision` header. Earlier revisions are answered as the supported one
 * (integrations that live long must not die of a date), unless the caller would rather be told: 410 (behaviour 10.1).
 * Public operations may leave it out.
 */
export function checkRevision(
  headers: Readonly<Record<string, string>>,
  auth: Operation<never>['auth'],
  supported: string,
): void {
  const given = headers['revision'];
  if (given === undefined && auth === 'public') return;
  if (given === undefined)
    throw refuse('invalid_revision', `The revision header is missing. Send revision: ${supported}.`);
  const date = /^(\d{4}-\d{2}-\d{2})(\.[A-Za-z0-9-]{1,20})?$/.exec(given.trim())?.[1];
  if (date === undefined || !isDate(date))
    throw refuse('invalid_revision', `The revision header must be a date such as ${supported}.`);
  if (date > supported)
    throw refuse('invalid_revision', `The revision ${date} does not exist yet. The newest one is ${supported}.`);
  if (date < supported && headers['x-klaviyo-revision-fall-forward-opt-out'] === '1')
    throw refuse('gone', `The revision ${date} is answered as ${supported} only, which the request opts out of.`);
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
