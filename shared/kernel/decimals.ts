// Numbers as they are written in decimals: what stands behind their digits is of the machine's arithmetic (0.1 + 0.2 is no 0.3).

/** Digits after the point, as a number is written. */
export function placesOf(number: number): number {
  const [digits = '', exponent = '0'] = String(number).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/** The sum in the digits that both are written in. No more than 100 places can be rounded to; numbers that small are summed as they are. */
export function decimalSum(a: number, b: number): number {
  const places = Math.max(placesOf(a), placesOf(b));
  return places === 0 || places > 100 ? a + b : Number((a + b).toFixed(places));
}
