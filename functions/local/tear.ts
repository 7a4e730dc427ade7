import { appendFileSync, existsSync, statSync } from 'node:fs';
import { logOf } from './kept.ts';

/**
 * Leaves the log of a folder as a process does that is killed while it writes: with half a line at its end. Nothing
 * that was answered is in it. False where there is no log.
 */
export function tearLog(folder: string): boolean {
  const path = logOf(folder);
  if (!existsSync(path) || statSync(path).size === 0) return false;
  appendFileSync(path, '{"changes":[{"after":{"pk":"torn');
  return true;
}
