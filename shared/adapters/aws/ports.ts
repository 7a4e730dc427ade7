import type { Bus, Files, Http, Mail, Ports, Push, Queue, Schedule, Sms } from '../../ports.ts';
import type { Store } from '../../storage/store.ts';
import type { Grant } from '../../topology.ts';
import { createClock } from './clock.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { createIds } from './ids.ts';
import { createLog } from './log.ts';

/** The ports that need a grant. */
interface Granted {
  store: Store;
  queue: Queue;
  bus: Bus;
  schedule: Schedule;
  mail: Mail;
  sms: Sms;
  push: Push;
  http: Http;
  files: Files;
}

/** The port that a grant brings: `table:read` the store, `queue:flows` the queue ... */
type PortOf<G extends Grant> = G extends `table:${string}`
  ? 'store'
  : G extends `${infer Port extends keyof Granted}:${string}`
    ? Port
    : never;

/** How to make exactly the ports that the grants bring: one too many or one too few does not compile. */
export type Makers<G extends Grant> = { [P in PortOf<G>]: (environment: Environment) => Granted[P] };

type AnyMakers = { [P in keyof Granted]?: (environment: Environment) => Granted[P] };

/**
 * The ports of a deployed function. Each function names the makers that its grants call for, so that its bundle holds no
 * other client; a client is made when its port is first asked for, once per container.
 */
export function awsPorts<G extends Grant>(
  grants: readonly G[],
  makers: Makers<G>,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Ports {
  const environment = readEnvironment(grants, variables);
  const chosen: AnyMakers = makers;
  const made: Partial<Granted> = {};
  const clock = createClock();
  return {
    get store() {
      return (made.store ??= chosen.store?.(environment) ?? absent('store'));
    },
    get queue() {
      return (made.queue ??= chosen.queue?.(environment) ?? absent('queue'));
    },
    get bus() {
      return (made.bus ??= chosen.bus?.(environment) ?? absent('bus'));
    },
    get schedule() {
      return (made.schedule ??= chosen.schedule?.(environment) ?? absent('schedule'));
    },
    get mail() {
      return (made.mail ??= chosen.mail?.(environment) ?? absent('mail'));
    },
    get sms() {
      return (made.sms ??= chosen.sms?.(environment) ?? absent('sms'));
    },
    get push() {
      return (made.push ??= chosen.push?.(environment) ?? absent('push'));
    },
    get http() {
      return (made.http ??= chosen.http?.(environment) ?? absent('http'));
    },
    get files() {
      return (made.files ??= chosen.files?.(environment) ?? absent('files'));
    },
    clock,
    ids: createIds({ clock }),
    log: createLog(),
    settings: { publicUrl: environment('PUBLIC_URL'), stage: environment('STAGE') },
  };
}

/** Stands for a port that the function has no grant for: may be passed around, not used. */
function absent<P extends keyof Granted>(name: P): Granted[P] {
  const refuse = () => {
    throw new Error(`This function has no grant for ${name}: see its grants in shared/topology.ts.`);
  };
  return new Proxy({} as Granted[P], { get: refuse });
}
