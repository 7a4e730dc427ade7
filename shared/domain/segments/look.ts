import type { Message } from '../../messages.ts';

/** Asks for a look at a profile: because of what changed of it, or what fell due. */
export type Look = Extract<Message<'segments'>, { type: 'profile' }>;

/** A look because of these facts; what is not named did not change. */
export const lookAt = (account: string, profile: string, facts: Partial<Look>): Look => ({
  type: 'profile',
  account,
  profile,
  metrics: [],
  lists: [],
  properties: false,
  consent: false,
  ...facts,
});
