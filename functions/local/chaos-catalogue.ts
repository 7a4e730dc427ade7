// What can go wrong in the local system, by name. docs/faults.md shows this table.

export interface FaultKind {
  /** The family of faults that it belongs to. */
  code: string;
  /** What happens. */
  does: string;
  /** How often, 0 to 1, of the chances that it has; what `--chaos` begins with. */
  usual: number;
}

export const faultKinds = {
  'crash-before': { code: 'CR-', does: 'The invocation dies before a call of a port happens', usual: 0.002 },
  'crash-after': { code: 'CR+', does: 'The invocation dies after a call has happened', usual: 0.002 },
  lost: { code: 'CR+', does: 'A call happens and its answer is lost', usual: 0.003 },
  twice: { code: 'CR+', does: 'The first answer is lost and the client calls again', usual: 0.003 },
  timeout: { code: 'TMO', does: 'A call hangs, then the invocation is ended', usual: 0.001 },
  zombie: {
    code: 'ZMB',
    does: 'An invocation stands still while its event is worked off by another, then goes on',
    usual: 0.003,
  },
  throttled: { code: 'THR', does: 'A port refuses a call: too many', usual: 0.004 },
  storm: { code: 'CCF', does: 'Two others work on the same event at the same time; conditions fail', usual: 0.002 },
  contended: { code: 'TXC', does: 'A write or transaction loses against another', usual: 0.004 },
  slow: { code: 'SLW', does: 'A call takes up to half a second', usual: 0.01 },
  partial: {
    code: 'UNP',
    does: 'Half of a batch (writes, messages, bus events) is taken, then the call fails',
    usual: 0.005,
  },
  'short-page': { code: 'IDX', does: 'A page has one item or none although more follow', usual: 0.02 },
  'stale-index': { code: 'IDX', does: 'The global index learns nothing for up to 1.5 seconds', usual: 0.001 },
  'old-token': { code: 'TOK', does: 'A transaction is sent again after its token was forgotten', usual: 0.003 },
  'mail-unanswered': { code: 'AMB', does: 'The provider takes an email and its answer is lost', usual: 0.02 },
  'provider-event': {
    code: 'EVB',
    does: 'The delivery of an email is reported before its answer, twice, and one of an unknown email',
    usual: 0.05,
  },
  rebound: {
    code: 'DNS',
    does: 'The name of a server that is called leads to a private address: nothing is sent there',
    usual: 0.01,
  },
  'schedule-twice': { code: 'SCH', does: 'A schedule fires twice', usual: 0.03 },
  'schedule-late': { code: 'SCH', does: 'A schedule fires up to an hour late', usual: 0.03 },
  'schedule-never': { code: 'SCH', does: 'A schedule never fires; the hourly sweep finds what it left', usual: 0.01 },
  delayed: { code: 'ORD', does: 'A message is held up (seldom up to 15 minutes) and others overtake it', usual: 0.05 },
  again: { code: 'DUP', does: 'A message comes once more up to 15 minutes later', usual: 0.03 },
  'delivered-twice': { code: 'DUP', does: 'A batch is delivered twice, one after the other', usual: 0.02 },
  misreported: { code: 'PBF', does: 'One record of a batch that went well is reported as failed', usual: 0.02 },
  'failed-batch': { code: 'PBF', does: 'A function throws after it has worked off its batch', usual: 0.005 },
  poison: { code: 'POI', does: 'A queue gets a message that is none of its own', usual: 0.001 },
  redrive: { code: 'RDV', does: 'The dead letters of a queue go back into it', usual: 0.001 },
  'clock-jump': {
    code: 'CLK',
    does: 'The clock jumps forward by up to five minutes, then not for five',
    usual: 0.0002,
  },
  'clock-skew': { code: 'CLK', does: 'The clock of a new container is up to a second off', usual: 0.1 },
  'early-expiry': {
    code: 'TTL',
    does: 'The time to live ends up to an hour early (it is late by up to an hour anyway)',
    usual: 0.0005,
  },
  outage: { code: 'OUT', does: 'A port refuses every call for up to 20 seconds', usual: 0.0002 },
  'cold-start': { code: 'RST', does: 'All containers are forgotten', usual: 0.0005 },
  'torn-log': {
    code: 'RST',
    does: 'With --data: the log ends in half a line, as after a kill while writing; only at the start',
    usual: 1,
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;

export const faultNames = Object.keys(faultKinds) as FaultName[];

/** Ports that an outage can hit. */
export const ports = ['store', 'queue', 'bus', 'schedule', 'mail', 'files'] as const;
export type PortName = (typeof ports)[number];

/** Decides whether a fault happens now (and counts and logs it), and draws numbers from 0 to 1. */
export interface Dice {
  hits: (fault: FaultName, where?: Readonly<Record<string, unknown>>) => boolean;
  draw: () => number;
}
