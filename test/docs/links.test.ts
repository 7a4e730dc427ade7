// Whoever follows a link of a page arrives: at a file, a folder, a heading.
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = globSync('**/*.md', { exclude: (path) => path === 'node_modules' || path === 'cdk.out' });

/** The page without its code: what stands there is no link. */
const proseOf = (path: string) =>
  readFileSync(path, 'utf8')
    .replace(/^```.*?^```/gms, '')
    .replace(/`[^`\n]*`/g, '');

/** The targets of a page's links that lead to this repository. */
const linksIn = (path: string) =>
  [...proseOf(path).matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The names under which a page's headings are linked to. */
const anchorsOf = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('links', () => {
  it('are found where they are', () => {
    expect(linksIn('README.md')).toContain('docs/performance.md');
    expect(anchorsOf('README.md')).toContain('what-you-see');
  });

  it.each(pages.filter((path) => linksIn(path).length > 0))('of %s lead somewhere', (path) => {
    const dead = linksIn(path).filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && (statSync(target).isDirectory() || !anchorsOf(target).includes(anchor));
    });
    expect(dead).toEqual([]);
  });
});
