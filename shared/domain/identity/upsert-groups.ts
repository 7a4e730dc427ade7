import type { IdentifierKind } from '../../storage/patterns.ts';
import { type ProfileInput, identifiersTold } from './input.ts';

/** Inputs that may be about one person: they share an identifier or a profile, or are linked by others that do. */
export interface InputGroup {
  /** Their places among the inputs, ascending. */
  places: number[];
  /** The profiles that they name or whose identifiers they have. */
  profiles: string[];
}

/** Who holds an identifier, if anyone does. */
export type OwnerOf = (kind: IdentifierKind, value: string) => string | undefined;

interface Gathering {
  places: number[];
  names: Set<string>;
  profiles: Set<string>;
}

/** Divides the inputs so that no two groups have anything in common. */
export function groupsOf(inputs: readonly ProfileInput[], ownerOf: OwnerOf): InputGroup[] {
  const byName = new Map<string, Gathering>();
  for (const [place, input] of inputs.entries()) {
    const set = identifiersTold(input);
    const owners = set.flatMap(({ kind, value }) => ownerOf(kind, value) ?? []);
    const profiles = new Set(input.id === undefined ? owners : [input.id, ...owners]);
    const own = [...set.map(({ kind, value }) => `${kind} ${value}`), ...[...profiles].map((id) => `id ${id}`)];
    const names = new Set(own.length > 0 ? own : [`place ${place}`]);
    const met = new Set([...names].flatMap((name) => byName.get(name) ?? []));
    const group = united([...met, { places: [place], names, profiles }]);
    for (const name of group.names) byName.set(name, group);
  }
  return [...new Set(byName.values())].map(({ places, profiles }) => ({
    places: places.sort((a, b) => a - b),
    profiles: [...profiles],
  }));
}

function united(groups: readonly Gathering[]): Gathering {
  return {
    places: groups.flatMap(({ places }) => places),
    names: new Set(groups.flatMap(({ names }) => [...names])),
    profiles: new Set(groups.flatMap(({ profiles }) => [...profiles])),
  };
}
