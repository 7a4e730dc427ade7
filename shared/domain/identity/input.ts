import type { IdentifierKind } from '../../storage/patterns.ts';
import type { TextAttribute } from './person.ts';
import type { Location } from './place.ts';

/** Identifiers from the strongest to the weakest; a profile id outranks them all. */
export const precedence = ['external_id', 'email', 'phone_number', 'anonymous_id'] as const satisfies IdentifierKind[];

/** Normalised identifiers (`identifierOf`). */
export type Identifiers = { readonly [Kind in IdentifierKind]?: string | null };

/** Those that are set, strongest first. */
export function identifiersSet(identifiers: Identifiers): { kind: IdentifierKind; value: string }[] {
  return precedence.flatMap((kind) => {
    const value = identifiers[kind];
    return value === undefined || value === null ? [] : [{ kind, value }];
  });
}

/** The identifiers that an input names and those that it adds: whoever holds one of them has to do with it. */
export function identifiersTold({ identifiers, emails }: Pick<ProfileInput, 'identifiers' | 'emails'>) {
  const added = (emails?.append ?? []).map((value) => ({ kind: 'email', value }) as const);
  return [...identifiersSet(identifiers), ...added];
}

/** Which profile is meant. */
export type Reference = { readonly id?: string } & { readonly [Kind in IdentifierKind]?: string };

/** Changes of single properties. Values are JSON values; one value or an array of them. */
export interface PropertyPatch {
  /** Added to an array property unless they are in it. */
  append?: Readonly<Record<string, unknown>>;
  /** Taken out of an array property. */
  unappend?: Readonly<Record<string, unknown>>;
  /** Properties to remove. */
  unset?: readonly string[];
}

/** Secondary addresses to add and addresses to take away; normalised. */
export interface EmailPatch {
  append: readonly string[];
  unappend: readonly string[];
}

/** A token as a caller gave it, and where. */
export interface Exchange {
  token: string;
  pointer: string;
}

/** What a caller says about a profile. Absent leaves what is there, null clears it. */
export interface ProfileInput {
  id?: string;
  /** Normalised. */
  identifiers: Identifiers;
  /** Names a profile too: weaker than all identifiers but the anonymous one. */
  exchange?: Exchange;
  attributes: Readonly<Partial<Record<TextAttribute, string | null>>>;
  location?: Readonly<Partial<{ [Field in keyof Location]: string | number | null }>>;
  /** Where the person is seen just now, by the network and not by their own word. */
  seen?: Location;
  /** Merged by their first level; null clears them all. */
  properties?: Readonly<Record<string, unknown>> | null;
  patch?: PropertyPatch;
  emails?: EmailPatch;
}
