import { serve } from '../../shared/domain/account/index.ts';
import { clientSubscriptionOperations } from '../../shared/domain/consent/index.ts';
import { clientBackInStockOperations } from '../../shared/domain/catalog/index.ts';
import { clientEventOperations } from '../../shared/domain/events/index.ts';
import { clientProfileOperations, clientTokenOperations } from '../../shared/domain/identity/index.ts';
import { gatewayHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { withCors } from './cors.ts';
import { isLegacy, withLegacy } from './legacy.ts';

/** What browsers and apps may do with nothing but a company id. Not taken from the registry, to keep the bundle small. */
const operations = [
  ...clientProfileOperations,
  ...clientTokenOperations,
  ...clientSubscriptionOperations,
  ...clientEventOperations,
  ...clientBackInStockOperations,
];

export function create(ports: Ports) {
  return gatewayHandler(ports, (timed) => {
    const api = serve(timed, operations);
    const [today, legacy] = [withCors(api), withLegacy(api)];
    return (request) => (isLegacy(request) ? legacy(request) : today(request));
  });
}
