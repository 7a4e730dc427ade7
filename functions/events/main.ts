import { serve } from '../../shared/domain/account/index.ts';
import { recordOperations } from '../../shared/domain/events/index.ts';
import { onGatewayTime } from '../../shared/lambda/gateway-time.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';

/** The hot path: records events and nothing else. */
export function create(ports: Ports) {
  const timed = onGatewayTime(ports);
  return httpHandler(timed, serve(timed, recordOperations));
}
