// All that Millrace asks of the outside world. Adapters: adapters/aws, adapters/memory; contract suites: test/contract.
import type { DomainEvent } from './domain-events.ts';
import type { Message, QueueName, WakeUp } from './messages.ts';
import type { Instant } from './kernel/time.ts';
import type { Store } from './storage/store.ts';

export interface Clock {
  now(): Instant;
}

export interface Ids {
  /** 26 characters, Crockford base 32, sorts by the time of its making. */
  ulid(): string;
  /** 6 base-62 characters, the API's short ids. */
  short(): string;
  /** A random UUID. */
  uuid(): string;
  /** `bytes` random bytes as base64url. */
  secret(bytes: number): string;
}

export interface Queue {
  /** Resolves when every message is accepted; throws otherwise (some may have been accepted). Delay 0 to 900 seconds. */
  send<Q extends QueueName>(queue: Q, messages: readonly { body: Message<Q>; delaySeconds?: number }[]): Promise<void>;
}

export interface Bus {
  /** Resolves when every event is accepted. */
  publish(events: readonly DomainEvent[]): Promise<void>;
}

export interface Schedule {
  /** Wakes the `wake` function once, at or soon after `at`. The same name twice is one schedule. */
  once(schedule: { name: string; at: Instant; payload: WakeUp }): Promise<void>;
}

export interface Email {
  from: { name: string; address: string };
  to: string;
  cc?: string;
  bcc?: string;
  replyTo?: string;
  subject: string;
  html: string;
  text: string;
  headers: Readonly<Record<string, string>>;
  /** Come back in the provider's feedback: the account, profile and message. */
  tags: Readonly<Record<string, string>>;
}

export interface Mail {
  /**
   * Resolves with the provider's id. Throws HandoverRefused when the provider said no, HandoverPostponed when it said not
   * now; anything else: outcome unknown.
   */
  send(email: Email): Promise<{ id: string }>;
}

/** A text message. The provider cuts it into segments. */
export interface TextMessage {
  /** The sender of the account: a number in E.164 form, or the ARN of a number, pool or sender id. */
  from: string;
  /** E.164. */
  to: string;
  body: string;
  transactional: boolean;
  /** As of emails. */
  tags: Readonly<Record<string, string>>;
}

export interface Sms {
  /** As `Mail.send`. */
  send(message: TextMessage): Promise<{ id: string }>;
}

/** A device that takes push messages. */
export interface PushDevice {
  token: string;
  platform: 'android' | 'ios';
  /** The ARN of the platform application that the token belongs to. */
  application: string;
}

/** What a push message shows and carries. */
export interface PushMessage {
  /** At least one. */
  devices: readonly PushDevice[];
  title: string;
  body: string;
  /** What the app is told beside it: where to lead, which picture to show. */
  data: Readonly<Record<string, string>>;
  /** As of emails. */
  tags: Readonly<Record<string, string>>;
}

export interface Push {
  /** As `Mail.send`; taken when one device at least took it. `gone`: tokens that the provider says are dead, told of in refusals too. */
  send(message: PushMessage): Promise<{ id: string; gone: readonly string[] }>;
}

/** A request to a server that somebody named: nobody vouches for it. */
export interface HttpCall {
  method: 'GET' | 'POST';
  /** https only. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For the whole exchange, milliseconds. */
  deadline: number;
  /** The longest answer that is read, bytes, after decompression. */
  largest: number;
  /** How many redirects are followed, each checked like the first address; default none. GET only. */
  redirects?: number;
}

export interface HttpReply {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** An answer whose body is read piece by piece; reading throws what `request` would throw. To be read to its end, or left. */
export interface HttpStream extends Omit<HttpReply, 'body'> {
  body: AsyncIterable<Uint8Array>;
}

export interface Http {
  /**
   * Calls a public server, never one of a private network. Throws HttpRefused when the call must not be made, or its answer
   * not be read; anything else that is thrown: nobody answered in time, or whether it was heard is unknown.
   */
  request(call: HttpCall): Promise<HttpReply>;
  /** As `request`, for answers that are too large to be held. */
  download(call: HttpCall): Promise<HttpStream>;
}

/** A call that is not made: its address is no public one, is no https, redirects too often or answers too much. */
export class HttpRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'HttpRefused';
  }
}

/** The provider answered that it does not take the message; sending it again would not help. */
export class HandoverRefused extends Error {
  /** As `Push.send` answers them. */
  readonly gone: readonly string[];
  constructor(reason: string, gone: readonly string[] = []) {
    super(reason);
    this.name = 'HandoverRefused';
    this.gone = gone;
  }
}

/** The provider answered that it takes nothing at the moment (we send too fast): nothing left, and later is worth a try. */
export class HandoverPostponed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'HandoverPostponed';
  }
}

/** Bodies that are too large for an item. Keys begin with the account. */
export interface Files {
  put(key: string, body: string): Promise<void>;
  get(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
}

/** One structured line per unit of work. Ids only: no addresses, no bodies, no secrets. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What the deployment says of itself. */
export interface Settings {
  /** Where people reach pages and links, without a trailing slash. */
  publicUrl: string;
  stage: string;
}

export interface Ports {
  store: Store;
  queue: Queue;
  bus: Bus;
  schedule: Schedule;
  mail: Mail;
  sms: Sms;
  push: Push;
  http: Http;
  files: Files;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings: Settings;
}
