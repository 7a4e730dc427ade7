// How the positions of a country's postal codes are packed: codes in ascending order, then thousandths of degrees north and
// east, as differences, compressed.
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Position } from '../distance.ts';

const thousandths = 1000;

/** The text of a module's data. */
export function pack(positions: ReadonlyMap<string, Position>): string {
  const codes = [...positions.keys()].sort();
  const columns = [0, 1].map((axis) => {
    let last = 0;
    return codes.map((code) => {
      const at = Math.round((positions.get(code)?.[axis] ?? 0) * thousandths);
      const step = at - last;
      last = at;
      return step;
    });
  });
  const text = [codes, ...columns].map((column) => column.join(' ')).join('\n');
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(text, { params }).toString('base64');
}

/** What `pack` packed. */
export function unpack(packed: string): Map<string, Position> {
  const text = brotliDecompressSync(Buffer.from(packed, 'base64')).toString();
  const [codes = [], north = [], east = []] = text.split('\n').map((line) => line.split(' '));
  let [latitude, longitude] = [0, 0];
  return new Map(
    codes.map((code, i) => {
      latitude += Number(north[i]);
      longitude += Number(east[i]);
      return [code, [latitude / thousandths, longitude / thousandths]];
    }),
  );
}
