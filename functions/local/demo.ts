// npm run demo: tells the story against the running system, or starts one for it.
import { parseArgs } from 'node:util';
import { isRunning } from './running.ts';
import { seeded } from './seed.ts';
import { listen } from './server.ts';
import { tellStory } from './story.ts';
import { createSystem } from './system.ts';

const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } });
const tell = (line: string) => {
  console.log(line);
};

/** The system to play against, and how to leave it. */
async function find(): Promise<{ url: string; close: () => Promise<void> }> {
  const url = values.url ?? 'http://127.0.0.1:3000';
  if (await isRunning(url)) return { url, close: async () => undefined };
  if (values.url !== undefined) throw new Error(`No local Millrace answers at ${url}; start one with: npm start`);
  tell('No Millrace is running on port 3000: starting one for this demo.');
  return listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
}

async function play(): Promise<void> {
  const stage = await find();
  try {
    await tellStory({ baseUrl: stage.url, key: values.key ?? seeded.key, tell });
    tell('\nAll of it was so.');
  } finally {
    await stage.close();
  }
}

try {
  await play();
} catch (error) {
  console.error(`\nThe story failed. ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
