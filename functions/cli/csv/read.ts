import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { UsageError } from '../usage-error.ts';
import { unguarded } from './cell.ts';

/** More than any line that could be a profile has; what is longer has most likely lost a quote. */
const longestLine = 20_000_000;

/** The lines of a CSV file, cell by cell, the header first. Throws UsageError where the file is no CSV. */
export async function* linesOf(file: string): AsyncGenerator<string[]> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: longestLine });
  const source = createReadStream(file).on('error', (error) => parser.destroy(error));
  try {
    for await (const cells of source.pipe(parser)) yield (cells as string[]).map(unguarded);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    source.destroy();
  }
}

/** The header of a file, how many lines follow, and a digest of the whole; reads it to its end once. */
export async function surveyed(file: string): Promise<{ headers: string[]; rows: number; digest: string }> {
  let headers: string[] | undefined;
  let rows = 0;
  for await (const cells of linesOf(file)) {
    if (headers === undefined) headers = cells;
    else rows += 1;
  }
  if (headers === undefined) throw new UsageError(`${file} is empty: the first line names the columns.`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { headers, rows, digest: hash.digest('hex') };
}
