import { type Html, html } from './html.ts';

/** A table; the first cell of a row is its heading. Without rows `empty` stands in its place. */
export function table(parts: {
  caption: string;
  columns: readonly string[];
  rows: readonly (readonly Html[])[];
  empty: string;
}): Html {
  const { caption, columns, rows, empty } = parts;
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="wide">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((cells) => row(cells, columns))}
      </tbody>
    </table>
  </div>`;
}

/** Every cell bears the name of its column: where there is no room for columns, it stands before the cell. */
const row = ([first, ...rest]: readonly Html[], columns: readonly string[]): Html =>
  html`<tr>
    <th scope="row">${first}</th>
    ${rest.map((cell, i) => html`<td data-column="${columns[i + 1]}">${cell}</td>`)}
  </tr> `;

/** Names and what they stand for; what is undefined is left out. */
export function facts(entries: readonly (readonly [string, Html | string | undefined])[]): Html {
  const known = entries.filter(([, value]) => value !== undefined);
  return html`<dl>
    ${known.map(
      ([term, value]) =>
        html`<dt>${term}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

/** Links to other pages of a list; those that are not there are left out. */
export function pager(links: readonly (readonly [string, string | undefined])[]): Html {
  const there = links.flatMap(([words, href]) =>
    href === undefined ? [] : [html`<li><a href="${href}">${words}</a></li>`],
  );
  return there.length === 0
    ? html``
    : html`<nav class="pages" aria-label="Pages">
        <ul>
          ${there}
        </ul>
      </nav>`;
}
