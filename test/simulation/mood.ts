// Swarm: what a seed knows of callers and of faults, and how often they come. Few seeds know them all.
import type { FaultName } from '../../functions/local/chaos-catalogue.ts';
import type { Fate, FaultRates } from '../../shared/adapters/memory/index.ts';
import { minute, second } from '../../shared/kernel/time.ts';
import { type FunctionName, functionSpecs } from '../../shared/topology.ts';
import type { PolicyName } from './schedule.ts';
import { dice, stream } from './streams.ts';
import { type Turn, turns } from './turns.ts';

/** Faults that befall the calls of a port; see `Fate`. */
const fates: readonly Exclude<Fate, 'pass'>[] = [
  'crash-before',
  'crash-after',
  'throttled',
  'contended',
  'lost',
  'twice',
];

/**
 * Faults of the services behind the ports, of the local system's catalogue: those that only delay and repeat may be
 * frequent; those that fail whole batches stay below what the last attempt of the stream must survive. Clocks that
 * differ have a rate of their own (`skew`).
 */
const harmless = [
  'short-page',
  'mail-unanswered',
  'provider-event',
  'schedule-twice',
  'schedule-late',
  'schedule-never',
  'delayed',
  'again',
] as const satisfies readonly FaultName[];
const failing = ['partial', 'old-token', 'misreported', 'failed-batch'] as const satisfies readonly FaultName[];

/** Faults of whole invocations. */
export const happenings = ['overtaken', 'frozen', 'timed-out', 'delivered-twice'] as const;

const ports = ['store', 'queue', 'bus', 'schedule', 'mail'] as const;

export type Happening = (typeof happenings)[number];

const turnNames = Object.keys(turns) as Turn[];

export interface Mood {
  rates: FaultRates;
  troubles: Readonly<Partial<Record<FaultName, number>>>;
  happenings: Readonly<Record<Happening, number>>;
  /**
   * What befalls the world around calls, of the same catalogue; not clocks that jump, which would make the oracle wrong
   * about the time.
   */
  around: Readonly<Partial<Record<FaultName, number>>>;
  /** How often an operator puts dead letters back between two turns: not at every call, or what always fails would never rest. */
  redrive: number;
  policy: PolicyName;
  /** Whom `starving` starves. */
  victim: FunctionName;
  /** How many invocations may overlap. */
  parallel: number;
  /** How often workers go on while a request is under way. */
  alongside: number;
  /** The delay that the flow begins with. */
  minutes: number;
  /** A port that goes on refusing one call of thirty while the rest of the world is quiet already: liveness. */
  degraded: (typeof ports)[number] | undefined;
  /** Turns that this seed does not take. */
  without: ReadonlySet<Turn>;
  /** Every other container runs the release before: a deployment that is under way, or was taken back. */
  mixed: boolean;
  /** How far the clocks of containers may be off, milliseconds either way; 0 in most seeds. */
  skew: number;
}

/** Draws the mood of a seed. */
export function moodOf(seed: number): Mood {
  const { oneOf, chance, upTo } = dice(stream(seed, 'swarm'));
  const rate = () => oneOf([0, 0, 0.001, 0.01, 0.05]) ?? 0;
  const often = () => oneOf([0, 0, 0.01, 0.1, 0.5]) ?? 0;
  const die = upTo(10);
  const others = {
    rates: Object.fromEntries(fates.map((fate) => [fate, rate()])),
    troubles: Object.fromEntries([
      ...harmless.map((trouble) => [trouble, often()] as const),
      ...failing.map((trouble) => [trouble, rate()] as const),
    ]),
    happenings: {
      overtaken: rate(),
      frozen: rate(),
      'timed-out': oneOf([0, 0, 0.001, 0.01]) ?? 0,
      'delivered-twice': oneOf([0, 0, 0.05, 0.3]) ?? 0,
    },
    policy: die < 5 ? 'uniform' : die < 9 ? 'priorities' : 'starving',
    victim: oneOf(functionSpecs.map(([name]) => name)) ?? 'changes',
    parallel: oneOf([1, 1, 4]) ?? 1,
    alongside: oneOf([0, 0.5]) ?? 0,
    minutes: oneOf([0, 2, 50]) ?? 0,
    degraded: chance(0.3) ? oneOf(ports) : undefined,
    without: new Set(turnNames.filter(() => chance(0.15))),
    mixed: chance(0.25),
  } satisfies Omit<Mood, 'skew' | 'around' | 'redrive'>;
  const skew = chance(0.2) ? (oneOf([second, minute, 10 * minute]) ?? 0) : 0;
  const around = { 'stale-index': rate(), slow: rate(), outage: oneOf([0, 0, 0.0001, 0.001]) ?? 0 };
  const redrive = oneOf([0, 0, 0.01, 0.05]) ?? 0;
  const seldom = () => oneOf([0, 0, 0.0001, 0.001]) ?? 0;
  return {
    ...others,
    skew,
    around: { ...around, 'early-expiry': seldom(), 'cold-start': seldom() },
    redrive,
    troubles: { ...others.troubles, poison: oneOf([0, 0, 0.01, 0.05]) ?? 0 },
  };
}
