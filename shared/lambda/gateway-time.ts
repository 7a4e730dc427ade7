import type { Instant } from '../kernel/time.ts';
import type { Ports } from '../ports.ts';

/** Something that keeps time, and can be told what it is. */
export interface Timed {
  setClock: (now: Instant) => void;
}

/**
 * Ports whose clock a request sets by the time that the gateway gave it (`requestContext.timeEpoch`, milliseconds): what
 * callers say is put in order by one clock, not by those of the hosts that happen to answer. An invocation answers one
 * request at a time, as Lambda does.
 */
export function onGatewayTime<Given extends Pick<Ports, 'clock'>>(ports: Given): Given & Timed {
  const { clock } = ports;
  let off = 0;
  return {
    ...ports,
    clock: { ...clock, now: () => clock.now() + off },
    setClock: (now) => void (off = now - clock.now()),
  };
}
