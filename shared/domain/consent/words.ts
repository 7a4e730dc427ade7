// Grants and withdrawals on any channel: of an email address or number where the channel has one, else of the person.
import type { AccountId } from '../../kernel/ids.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ConsentKind, SuppressionReason } from '../../storage/items.ts';
import { type Cause, type Standing, contactKindOf } from '../identity/index.ts';
import { changeStanding } from './change.ts';
import { changePush } from './push.ts';
import { granted, withdrawn } from './standing.ts';

/** What a person said of one kind of consent. */
export interface Said extends Cause {
  kind: ConsentKind;
  /** The email address or number, normalised; for push, the id of the profile. */
  of: string;
}

/**
 * A grant as of `at`, on a list if one is named; one that is older than what is known is ignored. So is one that was `told`
 * before whose it was was forgotten.
 */
export async function grant(
  ports: Ports,
  account: AccountId,
  said: Said & { list?: string; told?: Instant },
): Promise<void> {
  const now = ports.clock.now();
  await apply(ports, account, said, (standing) => granted(standing, said, now));
}

/** A withdrawal as of `at`; one that is older than a later grant is ignored. Email is suppressed for `reason`. */
export async function withdraw(
  ports: Ports,
  account: AccountId,
  said: Said & { reason?: SuppressionReason },
): Promise<void> {
  const now = ports.clock.now();
  await apply(ports, account, said, (standing) => withdrawn(standing, said, now, said.reason));
}

async function apply(
  ports: Ports,
  account: AccountId,
  said: Said & { told?: Instant },
  change: (standing: Standing) => Standing | undefined,
): Promise<void> {
  const kind = contactKindOf(said.kind);
  if (kind === undefined) return changePush(ports, account, said.of, said, change);
  await changeStanding(ports, account, { kind, value: said.of }, said, change);
}
