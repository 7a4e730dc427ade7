// What the bench measures, part by part.
import { bundles } from './bundles.ts';
import { medians } from './figures.ts';
import { importing } from './imports.ts';
import { ingestion, memoryOf } from './ingest.ts';
import { lags } from './lag.ts';
import { loadedLatency } from './loaded.ts';
import { lateUnits, segmentBuilds, segmentUnits } from './segments.ts';
import { gateAndRender } from './sending.ts';
import { shop } from './shop.ts';
import { growth, historyUnits, latencies, topSpeed } from './speed.ts';
import { rehearsals, starts } from './start.ts';
import { monthOfTimers } from './waiting.ts';
import { wakings } from './waking.ts';

export const parts = {
  start: { about: 'npm start, five times', measure: starts },
  rehearsal: { about: 'npm run rehearse, five times after a change and five times once more', measure: rehearsals },
  bundles: { about: 'Bundles', measure: () => bundles() },
  throughput: {
    about: '5,000 events, three times',
    measure: async () => medians([await topSpeed(), await topSpeed(), await topSpeed()]),
  },
  ingestion: {
    about: '10,000 events with 20 segments and 5 flows live, single and in bulk',
    measure: () => ingestion(),
  },
  lag: {
    about: '1,500 events a second one by one and 3,000 in bulk, with 20 segments and 5 flows live, for ten seconds',
    measure: () => lags(),
  },
  latency: { about: '300 events, one at a time', measure: latencies },
  loaded: {
    about: '1,000 events a second, then 500 with a message each, for ten seconds',
    measure: async () => ({
      'segment entry': await loadedLatency('segment.entered', 1000, 10),
      'first message': await loadedLatency('message.sent', 500, 10),
    }),
  },
  growth: { about: 'As the account grows', measure: growth },
  histories: { about: 'Units of an event with up to 100,000 before it', measure: () => historyUnits() },
  'segment-units': { about: 'Segments: histories of up to 100,000 events', measure: segmentUnits },
  'segment-late': { about: 'Segments: late events in histories of up to a million', measure: lateUnits },
  'segment-builds': { about: 'Segments: accounts of up to 100,000 profiles', measure: () => segmentBuilds() },
  imports: { about: 'Bulk import: four jobs of 10,000 profiles, each twice', measure: () => importing(4) },
  shop: {
    about: 'Campaigns to 10,000 and 100,000, a catalog of 100,000 items',
    measure: () => shop([10_000, 100_000], 100_000),
  },
  rendered: {
    about: 'Emails through gate and render',
    measure: async () => ({ 'emails of 20 KB': await gateAndRender(5000) }),
  },
  waits: {
    about: 'People who wait',
    measure: async () => ({ '5,000 people': await wakings(5000), '100,000 people': await wakings(100_000) }),
  },
  month: { about: 'A month of timers', measure: monthOfTimers },
  memory: {
    about: 'The memory of 100,000 profiles and 1,000,000 events',
    measure: async () => ({ '100,000 profiles, 1,000,000 events': await memoryOf(100_000, 1_000_000) }),
  },
} as const;

export type Part = keyof typeof parts;

/** What was measured of each part, on which machine, and its load average (one minute) before. */
export type Recorded = {
  readonly [P in Part]: {
    readonly figures: Awaited<ReturnType<(typeof parts)[P]['measure']>>;
    readonly load: number;
    readonly machine: string;
  };
};
