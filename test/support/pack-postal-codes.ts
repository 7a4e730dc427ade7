// Packs the postal codes of GeoNames (download.geonames.org/export/zip, CC BY 4.0) into the modules that conditions on
// distance load: `node test/support/pack-postal-codes.ts FOLDER`, with a file `XX.txt` of each country in the folder.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import type { Position } from '../../shared/domain/segments/distance.ts';
import { plainCode } from '../../shared/domain/segments/postal/code.ts';
import { pack } from '../../shared/domain/segments/postal/pack.ts';
import { countryOf } from '../../shared/domain/segments/region.ts';

const [folder = '.'] = process.argv.slice(2);

/** The mean of the places that have the code. */
const middle = (places: readonly Position[]): Position => {
  const mean = (axis: 0 | 1) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  return [mean(0), mean(1)];
};

for (const file of readdirSync(folder).filter((name) => /^[A-Z]{2}\.txt$/.test(name))) {
  const country = countryOf(file.slice(0, 2));
  if (country === undefined) continue;
  const rows = readFileSync(`${folder}/${file}`, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((cells) => cells.length >= 11);
  const byCode = Map.groupBy(rows, ([, code = '']) => plainCode(country, code));
  const positions = new Map(
    [...byCode].map(([code, places]) => [code, middle(places.map((row) => [Number(row[9]), Number(row[10])]))]),
  );
  const packed = pack(positions);
  writeFileSync(
    `shared/domain/segments/postal/data/${country.toLowerCase()}.ts`,
    `// GeoNames, CC BY 4.0; made by test/support/pack-postal-codes.ts.\nexport const packed =\n  '${packed}';\n`,
  );
  process.stdout.write(`${country} ${positions.size} codes, ${packed.length} bytes\n`);
}
