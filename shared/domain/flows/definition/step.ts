// A table: what every action has beside what it does.
import * as z from 'zod/mini';
import { maybe, oneOf, text } from '../../../jsonapi/fields.ts';

/** New actions have a temporary id, existing ones an id. */
export const named = { id: maybe(text()), temporary_id: maybe(text({ min: 1, max: 100 })) };

/** What follows; nothing is the end of the flow. */
export const next = z.strictObject({ next: maybe(text()) });
const nextIf = z.strictObject({ next_if_true: z.nullable(text()), next_if_false: z.nullable(text()) });

/** An action with one way on. */
export const step = { ...named, links: maybe(next) };
/** An action with two ways on. */
export const fork = { ...named, links: maybe(nextIf) };

export const status = { status: z.optional(oneOf('disabled', 'draft', 'live', 'manual')) };
