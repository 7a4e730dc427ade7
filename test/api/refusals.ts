// What every refusal of the API looks like, and that it changed nothing.
import { expect } from 'vitest';
import { errorCatalogue } from '../../shared/kernel/errors.ts';
import type { Answer, Stage } from './stage.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Refusals of a header or of the path: no pointer and no parameter leads there. */
const elsewhere = new Set(['invalid_revision', 'not_found']);

/** A 4xx that says what is wrong, and where if that is in the body or the query. */
export function expectRefusal(answer: Answer): void {
  const { status, errors, headers, text } = answer;
  expect(status, text).toBeGreaterThanOrEqual(400);
  expect(status, text).toBeLessThan(500);
  expect(headers.get('content-type'), text).toBe('application/vnd.api+json');
  expect(errors.length).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject({ status });
  for (const error of errors) {
    expect(error.id).toMatch(uuid);
    expect(Object.keys(errorCatalogue)).toContain(error.code);
    expect(error.title).not.toBe('');
    expect(error.detail).toMatch(/^.{10,1000}$/s);
    const isSomewhere = error.source.pointer !== undefined || error.source.parameter !== undefined;
    if (error.status === 400 && !elsewhere.has(error.code)) expect(isSomewhere, text).toBe(true);
  }
}

/** What `ask` is answered is a refusal, of this status if one is given, and nothing was changed. */
export async function expectRefused(stage: Stage, ask: () => Promise<Answer>, status?: number): Promise<Answer> {
  const before = await stage.digest();
  const answer = await ask();
  expectRefusal(answer);
  if (status !== undefined) expect(answer.status, answer.text).toBe(status);
  expect(await stage.digest(), answer.text).toBe(before);
  return answer;
}

/** Taken, or refused without a trace; never a fault. */
export async function expectAnswered(stage: Stage, ask: () => Promise<Answer>, what = ''): Promise<Answer> {
  const before = await stage.digest();
  const answer = await ask();
  expect(answer.status, `${answer.text} ${what}`).toBeLessThan(500);
  if (answer.status < 300) {
    await stage.settle();
    return answer;
  }
  expectRefusal(answer);
  expect(await stage.digest(), what).toBe(before);
  return answer;
}
