import { blockTags } from './blocks.ts';
import { outputTags } from './output.ts';
import { shopTags } from './shop.ts';
import type { TagParser } from './tag.ts';

/** Every tag that may open something, by its name. */
export const tagParsers: ReadonlyMap<string, TagParser> = new Map<string, TagParser>(
  Object.entries({ ...blockTags, ...outputTags, ...shopTags }),
);
