// Memberships of segments as the change feed and the bus tell of them.
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { known } from '../../shared/storage/patterns.ts';

/** The memberships, kept up with the change feed, and how often each began and ended: there, and as the bus told. */
export function createWatch() {
  const inside = new Set<string>();
  const [happened, told] = [new Map<string, number>(), new Map<string, number>()];
  const broken: string[] = [];
  const count = (all: Map<string, number>, what: string) => all.set(what, (all.get(what) ?? 0) + 1);
  const nameOf = (item: StreamedChange['after']) => {
    const one = item && known(item);
    return one?.kind === 'segment-member' ? `${one.group} ${one.profile}` : undefined;
  };
  return {
    inside,
    see({ before, after }: StreamedChange): void {
      const name = nameOf(after) ?? nameOf(before);
      if (name === undefined || (before && after)) return;
      if (inside.has(name) === (after !== undefined)) broken.push(`I8 ${name} does not alternate`);
      if (after) inside.add(name);
      else inside.delete(name);
      count(happened, `${after ? 'segment.entered' : 'segment.left'} ${name}`);
    },
    hear({ type, detail }: DomainEvent): void {
      const { segment, profile } = detail as { segment: string; profile: string };
      count(told, `${type} ${segment} ${profile}`);
    },
    /** Everything that happened was told, and nothing else; once each where nothing is repeated. */
    broken(calm: boolean): string[] {
      const wrong = [...happened].filter(([what, times]) => {
        const heard = told.get(what) ?? 0;
        return calm ? heard !== times : heard < times;
      });
      return [...broken, ...wrong.map(([what, times]) => `I8 ${what}: ${times} times, told ${told.get(what) ?? 0}`)];
    },
  };
}
