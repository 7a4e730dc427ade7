// Items that stand beside a profile in its partition, or point at it. Part of items.ts.
import type { Item } from './store.ts';

/** One suppression of a profile's address, in the order of suppressing; derived from what the profile carries. */
export interface SuppressedItem extends Item {
  kind: 'suppressed';
  gpk: string;
  gsk: string;
}

/** A device that a person takes push messages on. */
export interface PushTokenItem extends Item {
  kind: 'push-token';
  profile: string;
  token: string;
  platform: 'android' | 'ios';
  vendor: 'apns' | 'fcm';
  enablement_status: 'AUTHORIZED' | 'DENIED' | 'NOT_DETERMINED' | 'PROVISIONAL' | 'UNAUTHORIZED';
  background: 'AVAILABLE' | 'DENIED' | 'RESTRICTED';
  /** JSON: what the app tells of the device; absent when it tells nothing. */
  metadata?: string;
  /** When the token was first told of, by whoever held it then. */
  created: string;
  /** When it was last told of. */
  recorded: string;
  gpk: string;
  gsk: string;
}

/** The claim of one profile on a push token. */
export interface PushTokenClaimItem extends Item {
  kind: 'push-token-claim';
  profile: string;
}
