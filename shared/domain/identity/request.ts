// How callers write a profile: the schemas of request bodies, and what they mean.
import * as z from 'zod/mini';
import { anyOf, bag, list, maybe, text } from '../../jsonapi/fields.ts';
import { definedOf } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import { type EmailPatch, type Identifiers, type ProfileInput, type PropertyPatch, precedence } from './input.ts';
import { identifierOf } from './normalise.ts';
import { textAttributes } from './person.ts';
import { locationSchema } from './resource.ts';

const fields = {
  email: maybe(text()),
  phone_number: maybe(text()),
  external_id: maybe(text()),
  first_name: maybe(text()),
  last_name: maybe(text()),
  organization: maybe(text()),
  locale: maybe(text()),
  title: maybe(text()),
  image: maybe(text()),
  location: z.optional(z.strictObject(locationSchema.shape)),
  properties: maybe(bag()),
};

const exchange = { _kx: maybe(text()) };

/** Attributes of create_profile and update_profile. */
export const profileAttributes = z.strictObject(fields);
/** Attributes of profile-import. */
export const importAttributes = z.strictObject({ ...fields, ...exchange });
/** Attributes of profiles as browsers and bulk events tell them. */
export const onsiteAttributes = z.strictObject({ ...fields, ...exchange, anonymous_id: maybe(text()) });

/** Changes of single properties and identifiers. */
export const profileMeta = z.strictObject({
  patch_properties: maybe(
    z.strictObject({ append: maybe(bag()), unappend: maybe(bag()), unset: maybe(anyOf(text(), list(text()))) }),
  ),
  patch_identifiers: maybe(z.strictObject({ append: z.optional(bag()), unappend: z.optional(bag()) })),
});

/** Attributes of the profile inside an event, where meta stands among them. */
export const eventProfileAttributes = z.strictObject({ ...onsiteAttributes.shape, meta: z.optional(profileMeta) });

export interface ProfileRequest {
  id?: string | null | undefined;
  attributes: z.infer<typeof onsiteAttributes>;
  meta?: z.infer<typeof profileMeta> | undefined;
}

/** What is asked of a profile in a request. */
interface Rules {
  /** Where the profile's resource object stands in the body: `/data`. */
  pointer: string;
  /** Where its meta stands, when not beside its attributes. */
  metaPointer?: string;
  /** Bytes of JSON that it may have. */
  largest: number;
  /** One of these must be given (`nameable`). */
  identified?: readonly string[];
}

const identifiers = ['email', 'phone_number', 'external_id'];
/** What requests can name a profile by: where one is made, where one is imported, where one waits, where events and devices tell of one. */
export const nameable = {
  made: identifiers,
  waiting: ['id', ...identifiers],
  imported: ['id', ...identifiers, '_kx'],
  told: ['id', ...identifiers, '_kx', 'anonymous_id'],
} as const;

const kilobyte = 1024;
/** A profile by any route. */
export const largestProfile = 100 * kilobyte;
/** A profile inside an event. */
export const largestEventProfile = 95 * kilobyte;

/** Refuses a profile of too many bytes with a 413 at its pointer. */
export function refuseLarge({ attributes, meta }: ProfileRequest, { largest, pointer }: Rules): void {
  if (Buffer.byteLength(JSON.stringify({ attributes, meta })) <= largest) return;
  throw refuse('payload_too_large', `A profile may have ${largest / kilobyte} KB here.`, pointer);
}

/** The input that a request's profile means; refuses bad identifiers, too many bytes and what is not built yet. */
export function profileInput(request: ProfileRequest, rules: Rules): ProfileInput {
  const { id, attributes, meta } = request;
  refuseLarge(request, rules);
  const patch = meta?.patch_properties;
  const metaPointer = rules.metaPointer ?? `${rules.pointer}/meta`;
  const emails = meta?.patch_identifiers && emailsIn(meta.patch_identifiers, `${metaPointer}/patch_identifiers`);
  const { _kx: token } = attributes;
  const input: ProfileInput = {
    ...(id !== undefined && id !== null && { id }),
    identifiers: identifiersIn(attributes, rules.pointer),
    ...(token && { exchange: { token, pointer: `${rules.pointer}/attributes/_kx` } }),
    attributes: Object.fromEntries(
      textAttributes.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])),
    ),
    ...(attributes.location && { location: definedOf(attributes.location) }),
    ...(attributes.properties !== undefined && { properties: attributes.properties }),
    ...(patch && { patch: patchIn(patch) }),
    ...(emails && emails.append.length + emails.unappend.length > 0 && { emails }),
  };
  if (rules.identified) requireIdentity(input, rules.identified, rules.pointer);
  return input;
}

function identifiersIn(attributes: ProfileRequest['attributes'], pointer: string): Identifiers {
  const entries = precedence.flatMap((kind) => {
    const value = attributes[kind];
    if (value === undefined) return [];
    return [[kind, value === null ? null : identifierOf(kind, value, `${pointer}/attributes/${kind}`)]];
  });
  return Object.fromEntries(entries) as Identifiers;
}

function patchIn(patch: NonNullable<z.infer<typeof profileMeta>['patch_properties']>): PropertyPatch {
  const { append, unappend, unset } = patch;
  return {
    ...(append && { append }),
    ...(unappend && { unappend }),
    ...(unset !== undefined && unset !== null && { unset: typeof unset === 'string' ? [unset] : unset }),
  };
}

type IdentifierPatch = NonNullable<z.infer<typeof profileMeta>['patch_identifiers']>;

/** Only email addresses can be added and taken away: a person has one of everything else. */
function emailsIn(patch: IdentifierPatch, pointer: string): EmailPatch {
  const listed = (name: keyof EmailPatch) => {
    const entries = Object.entries(patch[name] ?? {});
    const odd = entries.find(([kind]) => kind !== 'email');
    if (odd) throw refuse('invalid', 'Only email can be appended and unappended.', `${pointer}/${name}`);
    return entries
      .flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : [value]))
      .map((value) => {
        const at = `${pointer}/${name}/email`;
        if (typeof value !== 'string') throw refuse('invalid', 'Give an email address, or a list of them.', at);
        return identifierOf('email', value, at);
      });
  };
  return { append: listed('append'), unappend: listed('unappend') };
}

function requireIdentity({ id, identifiers, exchange }: ProfileInput, names: readonly string[], pointer: string): void {
  const given = Object.values(identifiers).some((value) => value !== null);
  if (id !== undefined || exchange !== undefined || given) return;
  const listed = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  throw refuse('invalid', `Give at least one of ${listed}.`, `${pointer}/attributes`);
}
