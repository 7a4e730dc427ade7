/** Countries that marketing SMS is sent to (ISO 3166) without a sender of the country's own. */
export const smsCountries: ReadonlySet<string> = new Set([
  ...['US', 'CA', 'PR', 'GB', 'IE', 'AU', 'NZ'],
  ...['AT', 'BE', 'CH', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE'],
]);
