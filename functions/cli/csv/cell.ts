// How values stand in cells, both ways without loss.

/** What spreadsheets take for a formula: such a cell gets an apostrophe in front, one more than it has already. */
const formula = /^'*[=+\-@\t\r]/;
const escapedFormula = /^'+[=+\-@\t\r]/;

/** The cell of a text, harmless to spreadsheets (`=1+1` becomes `'=1+1`). */
export const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** The text of a cell: takes away exactly the apostrophe that `guarded` put there. */
export const unguarded = (cell: string): string => (escapedFormula.test(cell) ? cell.slice(1) : cell);

/**
 * The value of a text in a column of values: numbers as JSON writes them (`3`, not `007`), true, false, null, and JSON
 * texts, lists and objects. Everything else is the text itself.
 */
export function valueOf(text: string): unknown {
  if (!/^(?:-?\d|[[{"]|true$|false$|null$)/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' && JSON.stringify(value) !== text ? text : value;
  } catch {
    return text;
  }
}

/** The text that `valueOf` takes for the value. A text that it would take for something else is written as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string' && value !== '' && valueOf(value) === value) return value;
  return JSON.stringify(value);
}
