// Expressions for the database. Names and values always travel beside the text, so no name can be a reserved word.
import type { Check, Condition, Query, Update, Value, Write } from '../../storage/store.ts';
import { keyOf } from '../../storage/actions.ts';
import { table } from '../../storage/table.ts';
import { positionNames } from '../../storage/token.ts';
import { malformed, plain, plainMap } from '../../storage/values.ts';

/** The names and values that the expressions of one request refer to. */
interface Terms {
  name: (attribute: string) => string;
  value: (value: Value | undefined) => string;
  /** As the request wants them: absent when empty. */
  parameters: () => {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  };
}

function createTerms(): Terms {
  const names = new Map<string, string>();
  const values: Record<string, unknown> = {};
  return {
    name(attribute) {
      const known = names.get(attribute) ?? `#${names.size}`;
      names.set(attribute, known);
      return known;
    },
    value(value) {
      const placeholder = `:${Object.keys(values).length}`;
      values[placeholder] = plain(value);
      return placeholder;
    },
    parameters: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name])),
      }),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    }),
  };
}

/** What every write and check says of its condition; a failure brings the item that stands there. */
export function conditional(action: Write | Check, terms = createTerms()) {
  const text = conditionText(action.if, terms);
  return {
    ...(text !== undefined && { ConditionExpression: text, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }),
    ...terms.parameters(),
  };
}

/** The parameters of an update: key, expression, condition. */
export function updating(update: Update) {
  const terms = createTerms();
  const UpdateExpression = updateText(update, terms);
  return { Key: keyOf(update), UpdateExpression, ...conditional(update, terms) };
}

/** The key condition of a query, its partition and at most one range, and what of the items it wants. */
export function ranging(query: Query) {
  const terms = createTerms();
  const { partition, sort } = query.index === undefined ? table : table.indexes[query.index];
  const equals = `${terms.name(partition)} = ${terms.value(query.partition)}`;
  const range = rangeText(query, sort, terms);
  return {
    KeyConditionExpression: range === undefined ? equals : `${equals} AND ${range}`,
    ...(query.keysOnly && { ProjectionExpression: positionNames(query.index).map(terms.name).join(', ') }),
    ...terms.parameters(),
  };
}

function conditionText(condition: Condition | undefined, { name, value }: Terms): string | undefined {
  if (!condition) return undefined;
  const parts = Object.entries(condition.equals ?? {}).map(([attribute, expected]) =>
    expected === undefined ? `attribute_not_exists(${name(attribute)})` : `${name(attribute)} = ${value(expected)}`,
  );
  if (condition.absent) parts.push(`attribute_not_exists(${name(table.partition)})`);
  if (condition.present) parts.push(`attribute_exists(${name(table.partition)})`);
  return parts.length > 0 ? parts.join(' AND ') : undefined;
}

function updateText(update: Update, { name, value }: Terms): string {
  const set = Object.entries(plainMap(update.set ?? {})).map(([key, to]) => `${name(key)} = ${value(to)}`);
  const remove = (update.remove ?? []).map((attribute) => name(attribute));
  const add = Object.entries(plainMap(update.add ?? {})).map(([key, amount]) => `${name(key)} ${value(amount)}`);
  const clauses = [clause('SET', set), clause('REMOVE', remove), clause('ADD', add)].filter((text) => text !== '');
  if (clauses.length === 0) throw malformed('An update must change something.');
  return clauses.join(' ');
}

function clause(verb: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${verb} ${parts.join(', ')}`;
}

function rangeText({ begins, from, to }: Query, sort: string, { name, value }: Terms): string | undefined {
  if (begins !== undefined) return `begins_with(${name(sort)}, ${value(begins)})`;
  if (from !== undefined && to !== undefined) return `${name(sort)} BETWEEN ${value(from)} AND ${value(to)}`;
  if (from !== undefined) return `${name(sort)} >= ${value(from)}`;
  if (to !== undefined) return `${name(sort)} <= ${value(to)}`;
  return undefined;
}
