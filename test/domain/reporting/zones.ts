/** With changes of an hour, of half an hour, at midnight, on southern dates, of clocks at 45 minutes; and without any. */
export const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Europe/London',
  'America/Havana',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
  'Pacific/Apia',
  'Pacific/Chatham',
] as const;
