export { aboutPerson, absorb, gathered, refusePieces } from './absorb.ts';
export { createProfile, propertyChange, updateProfile } from './change.ts';
export { choosePrimary, mayChoose } from './choose-primary.ts';
export { type Cause, recordsOf } from './consent-records.ts';
export { type Contact, carrying, contactKeyOf, contactKindOf, readContact } from './contact.ts';
export { emailsOf } from './emails.ts';
export { erase, removeAllOf } from './erase.ts';
export { forget, forgetNamed, isForgotten, readForgotten, wasAddressOf } from './forget.ts';
export { privacyOperations } from './privacy.ts';
export { exchangeOperations } from './exchange-operation.ts';
export { profileExchanged } from './exchange.ts';
export { claimsOf, findProfile, readProfile } from './find.ts';
export { type ProfileInput, type PropertyPatch, identifiersSet, precedence } from './input.ts';
export { livingIds, livingProfile } from './living.ts';
export { mergeProfiles } from './merge.ts';
export { type Names, namedProfiles } from './named.ts';
export { identifierOf, normalise, normaliseEmail } from './normalise.ts';
export { type Location, locationFields } from './place.ts';
export { type Person, type TextAttribute, attributesOf, isTextAttribute, ownZone, personOf } from './person.ts';
export { pushTokenDocument, pushTokenResource, tokensOf } from './push-token.ts';
export { tokenOperations } from './token-operations.ts';
export { type Device, registerPushToken, removePushToken, unregisterPushToken } from './register-token.ts';
export { clientTokenOperations, deviceOf, deviceSchema } from './token-requests.ts';
export { acceptsEmail, acceptsPush, acceptsSms, isSubscribed } from './reachable.ts';
export { fileSuppressions } from './suppressed.ts';
export { seenIn } from './seen.ts';
export { touched } from './touched.ts';
export { Forgotten, type IdentifierRule, resolveProfile, upsertProfile } from './upsert.ts';
export { type Upserted, upsertProfiles } from './upsert-many.ts';
export { type ConsentMethod, type Standing, standingOf, storedStanding } from './standing.ts';
export { profileDocument, profileResource } from './resource.ts';
export { clientProfileOperations, profileOperations, profileWithLastEvent } from './operations.ts';
export { isScrubbed, quotedPlaces, quotesOf, scrubForgotten } from './quoted.ts';
export { rememberedFor, repeated } from './repeated.ts';
export { type Related, oneWithRelated, withRelated } from './related.ts';
export {
  type ProfileRequest,
  eventProfileAttributes,
  importAttributes,
  largestEventProfile,
  largestProfile,
  nameable,
  onsiteAttributes,
  profileInput,
  profileMeta,
  refuseLarge,
} from './request.ts';
