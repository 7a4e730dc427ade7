/** HTML with a piece of HTML more at the end of its body. */
export function atEndOfBody(html: string, piece: string): string {
  const at = [...html.matchAll(/<\/body\s{0,9}>/gi)].at(-1)?.index ?? html.length;
  return html.slice(0, at) + piece + html.slice(at);
}
