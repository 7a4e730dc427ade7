export { createProfile, updateProfile } from './change.ts';
export { type Claim, claimsOf, findProfile, readProfile } from './find.ts';
export { type Identifiers, type ProfileInput, type PropertyPatch, type Reference, precedence } from './input.ts';
export { type Names, namedProfiles } from './named.ts';
export { identifierOf, normalise, normaliseEmail } from './normalise.ts';
export { type Attributes, type Location, type Person, attributesOf, personOf, propertiesOf } from './person.ts';
export { type IdentifierRule, resolveProfile, upsertProfile } from './upsert.ts';
export { type DocumentOptions, profileDocument, profileResource, profileWithConversations } from './resource.ts';
export { clientProfileOperations, profileOperations, profileWithLastEvent } from './operations.ts';
export { type Related, oneWithRelated, withRelated } from './related.ts';
export {
  type ProfileRequest,
  eventProfileAttributes,
  largestEventProfile,
  onsiteAttributes,
  profileInput,
  profileMeta,
} from './request.ts';
