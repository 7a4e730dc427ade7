// millrace export-flow and import-flow: a flow as one JSON file.
import { readFile, writeFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';
import { type Api, everyPage } from './api.ts';

interface Flow {
  id: string;
  attributes: { name: string };
}

/** Writes the flow of this name or id to the file; answers what to print. */
export async function exportFlow(api: Api, { file, flow }: { file: string; flow: string }): Promise<string> {
  const named: Flow[] = [];
  for await (const flows of everyPage<Flow>(api, '/api/flows')) {
    named.push(...flows.filter(({ id, attributes }) => id === flow || attributes.name === flow));
  }
  const [found, ...others] = named;
  if (!found) throw new UsageError(`There is no flow called "${flow}".`);
  if (others.length > 0) throw new UsageError(`More than one flow is called "${flow}": name it by its id.`);
  const { data } = await api.call<object>('GET', `/x/flows/${found.id}/export`);
  await writeFile(file, `${JSON.stringify({ data }, null, 2)}\n`);
  return `The flow "${found.attributes.name}" is in ${file}.`;
}

/** Makes the flow of the file, as a draft; answers what to print. */
export async function importFlow(api: Api, { file }: { file: string }): Promise<string> {
  const { data } = await api.call<Flow>('POST', '/x/flows/import', await documentIn(file));
  return `The flow "${data.attributes.name}" is there, as a draft: ${data.id}.`;
}

async function documentIn(file: string): Promise<object> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as object;
  } catch (error) {
    throw new UsageError(`${file} is no JSON file: ${error instanceof Error ? error.message : String(error)}`);
  }
}
