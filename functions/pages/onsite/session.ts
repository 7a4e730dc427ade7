import { keep, recall } from './memory.ts';

const place = '__kla_session';
const pause = 30 * 60 * 1000;

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** True for the first page of a session: what half an hour without a page ends. */
export function isNewSession(): boolean {
  const now = Date.now();
  const last = recall(place, 0, isNumber);
  keep(place, now);
  return now - last > pause;
}
