import { dateFilters } from './dates.ts';
import { encodingFilters } from './encodings.ts';
import type { Filter } from './filter.ts';
import { listFilters } from './lists.ts';
import { mathFilters } from './math.ts';
import { otherFilters } from './others.ts';
import { textFilters } from './text.ts';

/** Every filter, by its name. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>(
  Object.entries({
    ...mathFilters,
    ...textFilters,
    ...encodingFilters,
    ...listFilters,
    ...dateFilters,
    ...otherFilters,
  }),
);
