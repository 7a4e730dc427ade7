import { expect, test } from 'vitest';
import { tellStory } from '../../functions/local/story.ts';
import { openStage } from '../api/stage.ts';

test("Beantown Coffee's story comes true, told with the official SDK", { timeout: 180_000 }, async () => {
  const told: string[] = [];
  const stage = await openStage();
  try {
    await tellStory({ baseUrl: stage.url, key: stage.key, tell: (line) => told.push(line) });
    expect(told.at(-1)).toContain('the segment has emptied by itself');
    expect(stage.givenUp()).toEqual([]);
  } finally {
    await stage.close();
  }
});
