import type { Clock, Log } from '../../ports.ts';
import { sortable } from '../../kernel/time.ts';

/** Errors have no enumerable fields: spell them out. */
const spelled = (_: string, value: unknown): unknown =>
  value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;

/** JSON lines into `sink`; without a sink, silence. */
export function createLog({ clock, sink }: { clock: Clock; sink?: (line: string) => void }): Log {
  if (!sink) return { info: () => undefined, error: () => undefined };
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    sink(JSON.stringify({ level, at: sortable(clock.now()), message, ...fields }, spelled));
  return { info: write('info'), error: write('error') };
}
