import { type Instant, second } from '../kernel/time.ts';

/** When an item may go, as the table's time to live wants it: the first whole second at `at` or behind it, since 1970. */
export const expiryAt = (at: Instant): number => Math.ceil(at / second);
