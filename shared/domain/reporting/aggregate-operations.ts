// POST /api/metric-aggregates.
import * as z from 'zod/mini';
import { openCursor, sealCursor } from '../../jsonapi/cursor.ts';
import { list, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import { derivedUuid } from '../../kernel/ids.ts';
import { iso } from '../../kernel/time.ts';
import type { Context } from '../context.ts';
import { findMetric } from '../events/index.ts';
import { aggregate } from './aggregate.ts';
import { type AggregateAttributes, aggregateAttributes, questionOf } from './aggregate-request.ts';
import { pageOfRows } from './page-of-rows.ts';

const aggregateResource: ResourceType = {
  type: 'metric-aggregate',
  path: 'metric-aggregates',
  attributes: z.object({
    dates: list(timestamp()),
    data: list(z.object({ dimensions: list(text()), measurements: z.looseObject({}) })),
  }),
};

const id = 'query_metric_aggregates';

/** The next page belongs to this very question. */
function scopeOf({ account, owner }: Context, asked: AggregateAttributes) {
  return {
    secret: owner.secret,
    account,
    operation: id,
    listing: JSON.stringify({ ...asked, page_cursor: undefined }),
  };
}

/** Numbers in one answer: what stays below the 6 MB that Lambda answers with. */
const largestAnswer = 200_000;

function pageSize(asked: AggregateAttributes, buckets: number): number {
  const fitting = Math.floor(largestAnswer / (buckets * asked.measurements.length));
  return Math.max(1, Math.min(asked.page_size ?? 500, fitting));
}

async function rowsAsked(asked: AggregateAttributes, context: Context) {
  const question = questionOf(asked);
  if ((await findMetric(context.ports, context.account, question.metric)) === undefined) {
    throw refuse('invalid', `There is no metric with id ${question.metric}.`, '/data/attributes/metric_id');
  }
  const { starts, rows } = await aggregate(context.ports, context.account, question);
  return { dates: starts.map(iso), rows, by: question.by };
}

export const aggregateOperations: readonly Operation<Context>[] = [
  command({
    id,
    tag: 'Metrics',
    summary: 'Count the events of a metric, add up their values, or count their people: by time, and by what they say.',
    scopes: ['metrics:read'],
    tier: tiers.S,
    path: '/api/metric-aggregates',
    query: { fieldsOf: [aggregateResource] },
    body: requestDocument('metric-aggregate', { attributes: aggregateAttributes }),
    status: 200,
    answers: { kind: 'resource', of: aggregateResource },
    run: async ({ body }, context) => {
      const asked = body.data.attributes;
      const scope = scopeOf(context, asked);
      const position =
        asked.page_cursor === undefined
          ? undefined
          : openCursor(asked.page_cursor, scope, '/data/attributes/page_cursor');
      const { dates, rows, by } = await rowsAsked(asked, context);
      const page = pageOfRows(rows, { by, sort: asked.sort, size: pageSize(asked, dates.length), position });
      return {
        resource: {
          type: 'metric-aggregate',
          id: derivedUuid('metric-aggregate', scope.account, scope.listing),
          attributes: { dates, data: page.rows },
        },
        ...(page.next !== undefined && { next: sealCursor(page.next, scope) }),
      };
    },
  }),
];
