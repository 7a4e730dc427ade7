// Real numbers as Python's `%` shows them: exactly, half to even.

/** More digits than two doubles need to differ. */
const certain = 25;
/** What JavaScript shows at most. */
const most = 100;

/** Rounds digits to the first `kept` of them, as a number: half to even. */
function rounded(digits: string, kept: number): bigint {
  const [head, rest] = [digits.slice(0, kept), digits.slice(kept)];
  const isOdd = /[13579]$/.test(head);
  const goesUp = /^[6-9]/.test(rest) || (rest.startsWith('5') && (/[1-9]/.test(rest.slice(1)) || isOdd));
  return BigInt(head) + (goesUp ? 1n : 0n);
}

const dotted = (before: string, behind: string, keepsPoint: boolean) =>
  behind === '' && !keepsPoint ? before : `${before}.${behind}`;

/** `%f` of a number from 0: `places` (up to 99) digits behind the point. */
export function fixedEven(size: number, places: number, keepsPoint = false): string {
  // From here on JavaScript writes exponents; there is nothing behind the point any more.
  const exact = size >= 1e21 ? String(BigInt(size)) : size.toFixed(Math.min(most, places + certain));
  const [before = '0', behind = ''] = exact.split('.');
  const text = String(rounded(before + behind.padEnd(places, '0'), before.length + places)).padStart(places + 1, '0');
  return dotted(text.slice(0, text.length - places), text.slice(text.length - places), keepsPoint);
}

/** The `count` significant digits of a number from 0, and the exponent of the first of them. */
function significant(size: number, count: number): { digits: string; exponent: number } {
  const [mantissa = '0', power = '0'] = size.toExponential(Math.min(most, count + certain)).split('e');
  const digits = String(rounded(mantissa.replace('.', ''), count)).padStart(count, '0');
  const isCarried = digits.length > count;
  return { digits: digits.slice(0, count), exponent: Number(power) + (isCarried ? 1 : 0) };
}

const withExponent = (mantissa: string, exponent: number) =>
  `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/** `%e` of a number from 0. */
export function exponential(size: number, places: number, keepsPoint = false): string {
  const { digits, exponent } = significant(size, places + 1);
  return withExponent(dotted(digits.slice(0, 1), digits.slice(1), keepsPoint), exponent);
}

/** `%g` of a number from 0: whichever of the two is shorter, without zeros at its end unless it keeps its point. */
export function general(size: number, precision: number, keepsPoint = false): string {
  const count = precision === 0 ? 1 : precision;
  const { digits, exponent } = significant(size, count);
  const trimmed = (behind: string) => (keepsPoint ? behind : behind.replace(/0+$/, ''));
  if (exponent < -4 || exponent >= count)
    return withExponent(dotted(digits.slice(0, 1), trimmed(digits.slice(1)), keepsPoint), exponent);
  if (exponent < 0) return dotted('0', trimmed('0'.repeat(-exponent - 1) + digits), keepsPoint);
  return dotted(digits.slice(0, exponent + 1), trimmed(digits.slice(exponent + 1)), keepsPoint);
}
