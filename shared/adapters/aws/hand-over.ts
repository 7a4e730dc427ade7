// What the adapters of mail, SMS and push have in common: when a call may be made again, and what an error means.
import { setTimeout } from 'node:timers/promises';
import { HandoverPostponed, HandoverRefused } from '../../ports.ts';

export type Pause = (ms: number) => Promise<unknown>;

/**
 * Waits between tries while the provider says that we send too fast, milliseconds. Somebody who withdraws between the claim and
 * the last of these calls is written to all the same: with the time that a call may take (`patience`) that is less than
 * eight seconds (I4's W). Later the message comes again, by a new claim.
 */
const waits = [500, 1_000];

/** About `ms` milliseconds, so that messages of one batch do not come again at the same moment. */
const about: Pause = (ms) => setTimeout(ms * (0.5 + Math.random()));

/** What we look at of an error of the SDK: its name, and whose fault it is. */
interface Failure {
  name: string;
  message: string;
  $fault: 'client' | 'server';
}

const isFailure = (error: unknown): error is Failure => error instanceof Error && '$fault' in error;

const tooFast: ReadonlySet<string> = new Set(['TooManyRequestsException', 'ThrottlingException', 'ThrottledException']);

/** The connection did not come about: nothing left, and later is worth a try. */
const notReached: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Nothing left, and it is not the message's fault: we are too fast, or something of ours lacks a permission. */
const notNow: ReadonlySet<string> = new Set([
  ...tooFast,
  'AccessDeniedException',
  'AuthorizationErrorException',
  'SendingPausedException',
  'ServiceQuotaExceededException',
]);

/**
 * Makes the call. Only "too fast" is answered before anything happens, and is worth another try. A 4xx is a no, or a not
 * now: nothing left; and so is a connection that nobody took. A 5xx, a timeout, a broken connection leave the outcome open:
 * they are thrown as they are.
 */
export async function handOver<Answer>(call: () => Promise<Answer>, pause: Pause = about): Promise<Answer> {
  for (const wait of waits) {
    try {
      return await call();
    } catch (error) {
      if (!isFailure(error) || !tooFast.has(error.name)) throw meaningOf(error);
      await pause(wait);
    }
  }
  return call().catch((error: unknown) => {
    throw meaningOf(error);
  });
}

function meaningOf(error: unknown): unknown {
  if (error instanceof Error && 'code' in error && notReached.has(error.code)) {
    return new HandoverPostponed(`The provider cannot be reached: ${String(error.code)}.`);
  }
  if (!isFailure(error) || error.$fault !== 'client') return error;
  const reason = `${error.name}: ${error.message}`;
  return notNow.has(error.name) ? new HandoverPostponed(reason) : new HandoverRefused(reason);
}
