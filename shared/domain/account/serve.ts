import { type ApiError, refuse } from '../../kernel/errors.ts';
import { createApi } from '../../jsonapi/handle.ts';
import type { HttpRequest, HttpResponse } from '../../jsonapi/http.ts';
import { type Operation, type Tier, tiers } from '../../jsonapi/operation.ts';
import type { Ports } from '../../ports.ts';
import { isConflict } from '../../storage/store.ts';
import type { Context } from '../context.ts';
import { authenticator } from './authenticate.ts';

/** The newest revision of the API that we speak. */
export const revision = '2026-07-15';

/** What is charged to a limit of the whole account beside that of the operation (behaviour 10.3). */
const dear: Readonly<Record<string, Tier>> = {
  lists: tiers.XS,
  segments: tiers.XS,
  profile_count: tiers.XS,
  predictive_analytics: tiers.M,
};

/** Serves operations to whoever has a key (or names a company, for public ones): what every HTTP function does. */
export function serve(
  ports: Ports,
  operations: readonly Operation<Context>[],
): (request: HttpRequest) => Promise<HttpResponse> {
  return createApi<Context>({
    operations,
    authenticate: authenticator(ports),
    scopes: ({ scopes }) => scopes,
    account: ({ account }) => account,
    secret: ({ owner }) => owner.secret,
    baseUrl: ports.settings.publicUrl,
    revision,
    limits: { areKept: ({ owner }) => owner.rate_limits === true, dear, now: () => ports.clock.now() },
    newId: () => ports.ids.uuid(),
    translate: conflictAsRefusal,
  });
}

/** A write that lost against others every time it tried: nothing happened, and trying again is safe. */
function conflictAsRefusal(error: unknown): ApiError | undefined {
  if (!isConflict(error)) return undefined;
  return refuse('unavailable', 'The resource is being changed by other calls. Nothing was changed; send it again.');
}
