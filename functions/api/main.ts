import { extensionOperations, privateOperations } from '../../shared/api.ts';
import { serve } from '../../shared/domain/account/index.ts';
import { gatewayHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';

/** Every private operation; the hot event operations have a function of their own, but work here too. */
export function create(ports: Ports) {
  return gatewayHandler(ports, (timed) => serve(timed, [...privateOperations, ...extensionOperations]));
}
