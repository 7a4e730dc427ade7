// The outside world in one process: every port, and the handles by which a runtime or a test moves it.
import type { Instant } from '../../kernel/time.ts';
import { messages, type QueueName } from '../../messages.ts';
import type { Ports, Settings } from '../../ports.ts';
import type { Consumed } from '../../storage/store.ts';
import { createBus, type MemoryBus } from './bus.ts';
import { createClock, type LocalClock } from './clock.ts';
import { createFiles, type MemoryFiles } from './files.ts';
import { createHttp, type MemoryHttp } from './http.ts';
import { createIds } from './ids.ts';
import { createLog } from './log.ts';
import { createMail, type MemoryMail } from './mail.ts';
import { createPush, type MemoryPush } from './push.ts';
import { createQueue, type MemoryQueue, type QueueRules } from './queue.ts';
import { createSchedule, type MemorySchedule } from './schedule.ts';
import { createSms, type MemorySms } from './sms.ts';
import { createMemoryStore, type MemoryStore, type StreamedChange } from './store.ts';

export { createClock, type LocalClock } from './clock.ts';
export {
  type Call,
  Crash,
  type Fate,
  type FaultPlan,
  type FaultRates,
  faultsAt,
  numbersFrom,
  type Pause,
  unruly,
  withFaults,
} from './faults.ts';
export type { Sent } from './mail.ts';
export { createSingleQueue, type Held, type MemoryQueue, type QueueRules, type Received, refusal } from './queue.ts';
export type { SingleQueue } from './queue.ts';
export type { Due, MemorySchedule } from './schedule.ts';
export type { StreamedChange } from './store.ts';

export interface MemoryOptions {
  /** Default: one that stands still at `start` until it is advanced. */
  clock?: LocalClock;
  /** Default: 2026-01-01T00:00:00Z. */
  start?: Instant;
  /** Makes ids repeat from run to run; default 1, null for real randomness. */
  seed?: number | null;
  settings?: Partial<Settings>;
  /** Where log lines go; default nowhere. */
  log?: (line: string) => void;
  queues?: Readonly<Record<QueueName, QueueRules>>;
  /** Called within the write, once for every changed item. */
  onChange?: (change: StreamedChange) => void;
  /** Called when a queue or a schedule got something new. */
  onWork?: () => void;
  meter?: (consumed: Consumed) => void;
  /** As of the store. */
  heat?: (key: string, units: number) => void;
  /** The global index learns of changes only by `store.settle`. */
  lagging?: boolean;
}

export interface MemoryWorld {
  ports: Ports;
  clock: LocalClock;
  store: MemoryStore;
  queue: MemoryQueue;
  bus: MemoryBus;
  schedule: MemorySchedule;
  mail: MemoryMail;
  sms: MemorySms;
  push: MemoryPush;
  http: MemoryHttp;
  files: MemoryFiles;
}

const rules: QueueRules = { visibilitySeconds: 30, maxReceives: 4 };
const anyQueues = Object.fromEntries(Object.keys(messages).map((name) => [name, rules])) as Record<
  QueueName,
  QueueRules
>;

/** An empty world: ports for the system, and the same things with their handles for whoever runs it. */
export function memoryPorts(options: MemoryOptions = {}): MemoryWorld {
  const { start = Date.UTC(2026, 0, 1), clock = createClock({ start, real: false }), seed = 1, log: sink } = options;
  const { onChange, onWork, meter, heat, queues = anyQueues, lagging = false } = options;
  const ids = createIds({ clock, ...(seed !== null && { seed }) });
  const log = createLog({ clock, ...(sink && { sink }) });
  const store = createMemoryStore({
    clock,
    lagging,
    ...(onChange && { onChange }),
    ...(meter && { meter }),
    ...(heat && { heat }),
  });
  const queue = createQueue({ clock, ids, rules: queues, ...(onWork && { onSend: onWork }) });
  const schedule = createSchedule({ clock, ...(onWork && { onChange: onWork }) });
  const bus = createBus();
  const mail = createMail({ clock, ids });
  const sms = createSms({ clock, ids });
  const push = createPush({ clock, ids });
  const http = createHttp({ clock });
  const files = createFiles();
  const settings = { publicUrl: 'http://localhost:4747', stage: 'local', ...options.settings };
  const ports: Ports = { store, queue, bus, schedule, mail, sms, push, http, files, clock, ids, log, settings };
  return { ports, clock, store, queue, bus, schedule, mail, sms, push, http, files };
}
