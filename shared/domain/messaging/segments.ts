// How many messages a text is charged as (GSM 03.38; 3GPP TS 23.038 and 23.040).

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Characters that take two places. */
const extended = new Set('\f^{}\\[~]|€');

/** The segments of a text: 160 characters of the GSM alphabet, else 70 UTF-16 units; 153 or 67 when there are several. */
export function segmentsOf(text: string): number {
  const characters = Array.from(text);
  const isGsm = characters.every((one) => basic.has(one) || extended.has(one));
  if (!isGsm)
    return count(
      characters.map((one) => one.length),
      70,
      67,
    );
  return count(
    characters.map((one) => (extended.has(one) ? 2 : 1)),
    160,
    153,
  );
}

/** A character is never cut: what does not fit any more begins the next segment. */
function count(sizes: readonly number[], alone: number, each: number): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= alone) return 1;
  let segments = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > each) {
      segments += 1;
      filled = 0;
    }
    filled += size;
  }
  return segments;
}
