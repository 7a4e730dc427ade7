// docs/api.md: the operations that are served, from their declarations.
import type { Operation } from '../../shared/jsonapi/operation.ts';

const heading = `# The API

Every operation that is served, by tag. What the contract has beside them is not built yet and answers 404.
\`openapi.json\` (\`npm run openapi\`) holds the whole of each: parameters, bodies, answers, limits. A form that is declared
there but not built says so in its description, and is refused with \`not_allowed\`.

This page is written by \`npm run openapi\`; a test compares it with the declarations.
`;

const titles = ['operation', 'method and path', 'scopes'];

type Row = readonly string[];

const beside = `# Beside the contract

Operations of our own, under \`/x/\`: with a private key, a revision and answers as all others. The SDKs do not know them.
`;

/** The page as Markdown, tables aligned as prettier aligns them. */
export function apiPage(operations: readonly Operation<never>[], extensions: readonly Operation<never>[]): string {
  const sections = sectionsOf(operations);
  const total = `${operations.length} operations in ${sections.length} tags.\n`;
  return [heading, total, ...sections, beside, ...sectionsOf(extensions)].join('\n');
}

function sectionsOf(operations: readonly Operation<never>[]): string[] {
  const tags = Map.groupBy(operations, ({ tag }) => tag);
  return [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([tag, those]) => section(tag, those));
}

function section(tag: string, operations: readonly Operation<never>[]): string {
  // By path first: what belongs together stands together.
  const place = ({ path, method }: Operation<never>) => `${path} ${method}`;
  const sorted = operations.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const rows = sorted.map(({ id, method, path, scopes, auth }) => [
    `\`${id}\``,
    `\`${method} ${path}\``,
    auth === 'public' ? 'none: public' : scopes.map((scope) => `\`${scope}\``).join(', '),
  ]);
  return `## ${tag} (${operations.length})\n\n${table([titles, ...rows])}\n`;
}

function table(rows: readonly Row[]): string {
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: Row, filler: string) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head, ' '), line([], '-'), ...body.map((row) => line(row, ' '))].join('\n');
}
