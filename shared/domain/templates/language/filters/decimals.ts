// Exact decimal rounding: 1.005 rounded to two places is 1.01, as its digits say, not as its binary double does.

interface Decimal {
  /** The digits without the point, sign included. */
  digits: bigint;
  /** How many of them stand behind the point. */
  places: number;
}

function decimalOf(number: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(number).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places >= 0 ? { digits, places } : { digits: digits * 10n ** BigInt(-places), places: 0 };
}

/** How the digits that are cut off decide. */
export type Rounding = 'half-up' | 'up' | 'down';

const awayFromZero: Readonly<Record<Rounding, (rest: bigint, unit: bigint, negative: boolean) => boolean>> = {
  'half-up': (rest, unit) => rest * 2n >= unit,
  up: (rest, _, negative) => rest > 0n && !negative,
  down: (rest, _, negative) => rest > 0n && negative,
};

/** The number with exactly `places` (0 to 20) digits behind the point. `up` and `down` go towards the infinities. Empty for what is not finite. */
export function fixed(number: number, places: number, rounding: Rounding = 'half-up'): string {
  if (!Number.isFinite(number)) return '';
  const { digits, places: have } = decimalOf(number);
  const negative = digits < 0n;
  const size = negative ? -digits : digits;
  let scaled = size * 10n ** BigInt(Math.max(0, places - have));
  if (have > places) {
    const unit = 10n ** BigInt(have - places);
    scaled = size / unit + (awayFromZero[rounding](size % unit, unit, negative) ? 1n : 0n);
  }
  const text = String(scaled).padStart(places + 1, '0');
  const cut = text.length - places;
  const shown = places === 0 ? text : `${text.slice(0, cut)}.${text.slice(cut)}`;
  return negative && scaled !== 0n ? `-${shown}` : shown;
}

/** True when the number has digits behind the point. */
export function hasFraction(number: number): boolean {
  return !Number.isInteger(number);
}

/** Puts commas between thousands. */
export function grouped(shown: string): string {
  const [whole = '', fraction] = shown.split('.');
  const withCommas = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}
