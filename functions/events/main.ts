import { serve } from '../../shared/domain/account/index.ts';
import { recordOperations } from '../../shared/domain/events/index.ts';
import { gatewayHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';

/** The hot path: records events and nothing else. */
export function create(ports: Ports) {
  return gatewayHandler(ports, (timed) => serve(timed, recordOperations));
}
