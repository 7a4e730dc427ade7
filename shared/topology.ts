// What is deployed, as plain data. cdk builds the stack from it, functions/local runs the system from it.
import type { QueueName } from './messages.ts';
import { type Followed, followed } from './storage/followed.ts';

/** What a function may do. Its role, its environment and its local twin all follow from these. */
export type Grant =
  | 'table:read'
  | 'table:write'
  | `queue:${QueueName}`
  | 'bus:publish'
  | 'schedule:create'
  | 'mail:send'
  | 'sms:send'
  | 'push:send'
  | 'http:request'
  | 'files:read'
  | 'files:write'
  | 'files:remove';

export type Trigger =
  | { http: readonly string[] }
  | { queue: QueueName; batch: number; windowSeconds: number; concurrency: number }
  /** Invoked with the changes of items that these patterns let through; what fails comes again for so many hours. */
  | {
      stream: true;
      follows: readonly Followed[];
      batch: number;
      windowSeconds: number;
      parallel: number;
      hours: number;
    }
  /** Invoked by EventBridge Scheduler: by one-off schedules (ports.schedule) and at this rate, with this payload. */
  | { wakeUps: true; everyMinutes: number; payload: Readonly<Record<string, unknown>> };

export interface FunctionSpec {
  trigger: Trigger;
  memoryMb: number;
  timeoutSeconds: number;
  grants: readonly Grant[];
  /** What stops when it fails; the text of its alarm. */
  onFailure: string;
}

export interface QueueSpec {
  /** Tries before a message goes to the dead-letter queue. */
  maxReceives: number;
  /** What waits in vain while messages lie in the dead-letter queue; the text of its alarm. */
  onDeadLetters: string;
}

export const queues = {
  segments: { maxReceives: 6, onDeadLetters: 'Segments do not follow the facts of some profiles.' },
  flows: { maxReceives: 6, onDeadLetters: 'Some people stand still in their flows.' },
  messages: { maxReceives: 4, onDeadLetters: 'Some messages are neither sent nor skipped.' },
  jobs: { maxReceives: 4, onDeadLetters: 'Some bulk jobs do not finish.' },
  tallies: { maxReceives: 6, onDeadLetters: 'Some hours of aggregates are counted at every question, or lag behind.' },
  campaigns: { maxReceives: 6, onDeadLetters: 'Some recipients of campaigns are neither written to nor settled.' },
  feedback: { maxReceives: 6, onDeadLetters: 'Some bounces, complaints, opens and clicks are not taken in.' },
} as const satisfies Record<QueueName, QueueSpec>;

export const functions = {
  events: {
    trigger: { http: ['POST /api/events', 'POST /api/event-bulk-create-jobs'] },
    memoryMb: 1024,
    timeoutSeconds: 20,
    grants: ['table:read', 'table:write', 'files:write'],
    onFailure: 'Events are refused; callers must send them again.',
  },
  api: {
    trigger: { http: ['ANY /api/{proxy+}', 'ANY /x/{proxy+}'] },
    memoryMb: 1024,
    timeoutSeconds: 29,
    grants: ['table:read', 'table:write', 'files:read', 'files:write', 'files:remove', 'http:request'],
    onFailure: 'API calls fail.',
  },
  client: {
    trigger: {
      http: [
        'ANY /client/{proxy+}',
        ...['GET /api/track', 'POST /api/track', 'GET /api/identify', 'POST /api/identify'],
      ],
    },
    memoryMb: 512,
    timeoutSeconds: 20,
    grants: ['table:read', 'table:write', 'files:write'],
    onFailure: 'Calls from browsers fail.',
  },
  pages: {
    trigger: { http: ['ANY /p/{proxy+}', 'ANY /onsite/{proxy+}'] },
    memoryMb: 512,
    timeoutSeconds: 20,
    // A message as a page may show a web feed, which whoever needs it first fetches. Opens and clicks that cannot be written
    // down at once are queued.
    grants: ['table:read', 'table:write', 'files:read', 'files:write', 'http:request', 'queue:feedback'],
    onFailure:
      'People cannot unsubscribe, links in emails lead nowhere, sites load no script, messages show no images.',
  },
  changes: {
    // As long as the stream keeps them: a queue or the bus may be gone for hours, and nothing may be lost for that.
    trigger: { stream: true, follows: followed, batch: 100, windowSeconds: 0, parallel: 10, hours: 24 },
    memoryMb: 512,
    timeoutSeconds: 60,
    grants: [
      'queue:segments',
      'queue:flows',
      'queue:messages',
      'queue:jobs',
      'queue:tallies',
      'queue:campaigns',
      'queue:feedback',
      'bus:publish',
    ],
    onFailure: 'Nothing follows from new facts: segments, flows and messages stand still.',
  },
  segments: {
    trigger: { queue: 'segments', batch: 10, windowSeconds: 0, concurrency: 50 },
    memoryMb: 1024,
    timeoutSeconds: 60,
    grants: ['table:read', 'table:write', 'queue:segments', 'schedule:create', 'files:read', 'files:remove'],
    onFailure: 'Segments fall behind.',
  },
  flows: {
    trigger: { queue: 'flows', batch: 10, windowSeconds: 0, concurrency: 50 },
    memoryMb: 1024,
    timeoutSeconds: 60,
    grants: ['table:read', 'table:write', 'queue:flows', 'schedule:create', 'files:read', 'files:remove'],
    onFailure: 'Flows fall behind.',
  },
  campaigns: {
    trigger: { queue: 'campaigns', batch: 10, windowSeconds: 0, concurrency: 20 },
    memoryMb: 1024,
    timeoutSeconds: 120,
    grants: ['table:read', 'table:write', 'queue:campaigns', 'schedule:create'],
    onFailure: 'Campaigns stand still.',
  },
  messages: {
    trigger: { queue: 'messages', batch: 10, windowSeconds: 0, concurrency: 20 },
    memoryMb: 1024,
    timeoutSeconds: 60,
    grants: [
      'table:read',
      'table:write',
      'schedule:create',
      'mail:send',
      'sms:send',
      'push:send',
      'http:request',
      'files:read',
      'files:write',
    ],
    onFailure: 'Messages wait.',
  },
  jobs: {
    trigger: { queue: 'jobs', batch: 1, windowSeconds: 0, concurrency: 5 },
    memoryMb: 1024,
    timeoutSeconds: 300,
    // The feeds of catalogs are pulled from servers and laid by in pieces.
    grants: [
      'table:read',
      'table:write',
      'files:read',
      'files:write',
      'files:remove',
      'schedule:create',
      'http:request',
    ],
    onFailure: 'Bulk jobs wait; merged people are in pieces until somebody looks at them.',
  },
  tallies: {
    trigger: { queue: 'tallies', batch: 10, windowSeconds: 0, concurrency: 5 },
    memoryMb: 1024,
    timeoutSeconds: 120,
    grants: [
      'table:read',
      'table:write',
      'schedule:create',
      'queue:tallies',
      'files:read',
      'files:write',
      'files:remove',
    ],
    onFailure: 'Aggregates count anew at every question what is not counted yet, and may lag behind late events.',
  },
  feedback: {
    trigger: { queue: 'feedback', batch: 10, windowSeconds: 0, concurrency: 10 },
    memoryMb: 512,
    timeoutSeconds: 30,
    grants: ['table:read', 'table:write'],
    onFailure: 'Bounces, complaints and push messages that were opened are not taken in.',
  },
  wake: {
    trigger: { wakeUps: true, everyMinutes: 60, payload: { sweep: true } },
    memoryMb: 512,
    timeoutSeconds: 300,
    grants: [
      'table:read',
      'table:write',
      'queue:segments',
      'queue:flows',
      'queue:messages',
      'queue:jobs',
      'queue:tallies',
      'queue:campaigns',
    ],
    onFailure: 'Whatever waits for its time stays waiting.',
  },
} as const satisfies Record<string, FunctionSpec>;

/** The script that `pages` hands to browsers: the file beside its code, and what esbuild makes of which source. */
export const onsiteScript = {
  function: 'pages',
  file: 'klaviyo.js',
  /** Its path on every deployment; the edge keeps what lies under it as long as it is told to. */
  paths: '/onsite/js/*',
  build: {
    entryPoints: { klaviyo: 'functions/pages/onsite/main.ts' },
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  },
} as const;

export type FunctionName = keyof typeof functions;

/** SQS advice: six times the function's timeout, so that a batch is not handed out twice while it is worked on. */
export function visibilitySeconds(queue: QueueName): number {
  const consumer = Object.values(functions).find((spec) => 'queue' in spec.trigger && spec.trigger.queue === queue);
  return 6 * (consumer?.timeoutSeconds ?? 30);
}

/** The functions with their specifications widened, for code that walks them. */
export const functionSpecs: readonly (readonly [FunctionName, FunctionSpec])[] = Object.entries(functions).map(
  ([name, spec]) => [name as FunctionName, spec] as const,
);
