// What is told on the bus, for the owner's own rules.

/** What is told on the bus, by detail-type; docs/bus.md says what each holds. */
export const domainEventTypes = [
  'profile.created',
  'profile.merged',
  'metric.created',
  'event.recorded',
  'segment.entered',
  'segment.left',
  'message.sent',
  'message.skipped',
  'coupon.low',
  'sending.rests',
] as const;

/** A domain event on the bus: `type` is its detail-type. */
export interface DomainEvent {
  type: (typeof domainEventTypes)[number];
  account: string;
  detail: Readonly<Record<string, unknown>>;
}
