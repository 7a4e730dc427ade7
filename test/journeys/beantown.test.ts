import { expect, test } from 'vitest';
import { createSystem } from '../../functions/local/system.ts';
import { listen } from '../../functions/local/server.ts';
import { seeded } from '../../functions/local/seed.ts';
import { tellStory } from '../../functions/local/story.ts';

test("Beantown Coffee's story comes true, told with the official SDK", async () => {
  const told: string[] = [];
  const stage = await listen(0, (publicUrl) => createSystem({ publicUrl, real: true }));
  try {
    await tellStory({ baseUrl: stage.url, key: seeded.key, tell: (line) => told.push(line) });
  } finally {
    await stage.close();
  }
  expect(told.at(-1)).toContain('the segment has emptied by itself');
  expect(stage.system.world.givenUp).toEqual([]);
});
