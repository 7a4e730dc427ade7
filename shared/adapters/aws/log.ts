import type { Log } from '../../ports.ts';

/** Where lines go: in Lambda the console, which adds time, level and request id (log format JSON). */
export type Sink = Pick<Console, 'info' | 'error'>;

/** One object per line; an Error among the fields is written with its name, message and stack. */
export function createLog({ sink = console }: { sink?: Sink } = {}): Log {
  return {
    info: (message, fields) => sink.info({ message, ...spelled(fields) }),
    error: (message, fields) => sink.error({ message, ...spelled(fields) }),
  };
}

function spelled(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const written = (value: unknown) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, written(value)]));
}
