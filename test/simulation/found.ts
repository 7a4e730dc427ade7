// Bugs of the product that the simulation found, and that are mended: for docs/reliability.md.

/** A bug: what went wrong, the invariant it broke, where it was seen first, and the test made for it, where there is one. */
export interface Found {
  was: string;
  broke: string;
  /** The seed of a run, or the test. */
  by: string;
  test?: string;
}

export const found: readonly Found[] = [
  {
    was: 'The change feed gave up, after twenty tries, what follows from changes while a queue or the bus was gone for hours',
    broke: 'I16',
    by: 'a service that is gone for three hours',
    test: 'outages.test.ts',
  },
  {
    was: 'Whoever was merged away since a claim was read was refused instead of looked for again',
    broke: 'I3',
    by: 'seed 176',
    test: 'domain/identity/interleavings.test.ts',
  },
  {
    was: 'What a worker that was held up wrote behind a timer left one that nobody cleared away',
    broke: 'I7',
    by: 'seeds 219, 269',
  },
  {
    was: 'What an import had told of a forgotten person was given to whoever came back',
    broke: 'I11',
    by: 'seed 25',
    test: 'domain/identity/forget.test.ts',
  },
  { was: 'A subscription that was under way brought a forgotten person back', broke: 'I11', by: 'seed 115' },
  {
    was: 'An error of a row was written anew after it had been scrubbed',
    broke: 'I11',
    by: 'seed 165',
    test: 'domain/identity/forget-races.test.ts',
  },
  {
    was: 'A merge whose survivor was forgotten meanwhile left things behind',
    broke: 'I9',
    by: 'seeds 161, 192',
    test: 'domain/identity/forget-races.test.ts',
  },
  {
    was: 'A builder that stood still while a newer edition was built let people in by the old one',
    broke: 'I8',
    by: 'seed 170',
  },
  {
    was: 'A worker that stood still for more than an hour wrote memberships of an old definition that nobody looked at',
    broke: 'I8',
    by: 'seed 101 of the system’s oracle',
    test: 'frozen-worker.test.ts',
  },
  {
    was: 'A removed segment kept whom a clock that was ahead had let in',
    broke: 'I8',
    by: 'seed 212',
    test: 'clocks.test.ts',
  },
  {
    was: 'A claim whose end came early, by a clock that was behind, stayed a claim',
    broke: 'I6',
    by: 'seed 100',
    test: 'clocks.test.ts',
  },
  {
    was: 'A word from before a deletion brought its person back where clocks differ',
    broke: 'I5',
    by: 'seed 51',
    test: 'clocks.test.ts',
  },
  { was: 'A tally whose timer came early was never counted', broke: 'I13', by: 'seed 55', test: 'clocks.test.ts' },
  { was: 'Rows of a campaign that were written behind its cancellation stayed open', broke: 'I10', by: 'seed 10' },
  { was: 'Counts of a campaign whose answers were lost never closed', broke: 'I10', by: 'seed 25' },
  { was: 'A count whose answer was lost gave up the file that it had written', broke: 'I13', by: 'seed 14' },
  { was: 'Whoever was held up wrote a file whose name others had given up', broke: 'I16', by: 'seed 17' },
  { was: 'A file of counts that was given up before the last one was never removed', broke: 'I16', by: 'seed 71' },
  { was: 'A mark made before its quarter of an hour was taken up before that had closed', broke: 'I13', by: 'seed 85' },
  {
    was: 'What was told of the same day again and again became a storm of messages',
    broke: 'I16',
    by: 'seeds 74, 98, 154',
  },
  { was: 'What was counted until a call failed was lost', broke: 'I13', by: 'seed 111' },
  { was: 'A writer of counts that was held up left its timer', broke: 'I7', by: 'seed 109' },
  {
    was: 'The timer of a claim that a report of the provider had ended stayed where its writer had stood still for hours',
    broke: 'I7',
    by: 'seed 413 of 500 operations',
    test: 'domain/messaging/deliver.test.ts',
  },
  {
    was: 'A timer that a host with a clock behind set again, while it was being sent, was removed: a mark of a quarter stayed',
    broke: 'I7',
    by: 'seeds 670, 867 of 500 operations',
    test: 'functions/wake.test.ts',
  },
  {
    was: 'A double opt-in was written behind the deletion of its person, and stayed for 72 hours',
    broke: 'I11',
    by: 'seeds 111, 1181 of 500 operations',
    test: 'domain/messaging/opt-in-forgotten.test.ts',
  },
  {
    was: 'A timer of the open quarter that was sent on was taken for its mark: an event after it stayed uncounted',
    broke: 'I2',
    by: 'seed 724 of 500 operations',
    test: 'functions/changes.test.ts',
  },
  {
    was: 'An edited segment kept whom a clock that was ahead had let in, where a clock that was behind planned the build',
    broke: 'I8',
    by: 'seed 847 of 500 operations',
    test: 'domain/segments/build.test.ts',
  },
  {
    was: 'A worker that stood still planned the build of a removed segment anew, which nobody ended',
    broke: 'I8',
    by: 'seed 316 of 500 operations',
    test: 'domain/segments/build.test.ts',
  },
  {
    was: 'A worker that stood still between two pages about a person held by the first, and its verdict was written over a newer one',
    broke: 'I8',
    by: 'seed 5',
    test: 'domain/segments/work.test.ts',
  },
  {
    was: 'What is kept of a person for a segment was believed after a time in which no segment had asked for it, and nobody told of late events',
    broke: 'I8',
    by: 'random histories while a segment is stopped',
    test: 'domain/segments/totals.test.ts',
  },
  {
    was: 'A segment that was stopped while its edit was being built was built on',
    broke: 'I8',
    by: 'a tester who knew nothing of the code',
    test: 'domain/segments/api.test.ts',
  },
  {
    was: 'Whom an edit of a segment brought in started its flows when anything else of them changed meanwhile; whom time or an event brought in just before the build came by started none',
    broke: 'I8',
    by: 'testers who knew nothing of the code',
    test: 'domain/segments/brought.test.ts',
  },
  {
    was: 'Who took the place of somebody that became part of them came into their segments anew, and fell out of stopped ones',
    broke: 'I8',
    by: 'a tester who knew nothing of the code',
    test: 'domain/segments/successor.test.ts',
  },
];
