// Good bodies for what is asked of tags.
import type { Things } from './specimens.ts';

/** A body that names one thing. */
export const linked = (type: string, id: string) => ({ data: [{ type, id }] });

export const tagBodies: Readonly<Record<string, (things: Things) => object>> = {
  create_tag: ({ tagGroup }) => ({
    data: {
      type: 'tag',
      attributes: { name: 'Spring' },
      relationships: { 'tag-group': { data: { type: 'tag-group', id: tagGroup } } },
    },
  }),
  update_tag: ({ tag }) => ({ data: { type: 'tag', id: tag, attributes: { name: 'Renamed' } } }),
  create_tag_group: () => ({ data: { type: 'tag-group', attributes: { name: 'Regions', exclusive: true } } }),
  update_tag_group: ({ tagGroup }) => ({
    data: { type: 'tag-group', id: tagGroup, attributes: { name: 'Renamed', return_fields: ['name'] } },
  }),
  tag_lists: ({ list }) => linked('list', list),
  remove_tag_from_lists: ({ list }) => linked('list', list),
  tag_segments: ({ segment }) => linked('segment', segment),
  remove_tag_from_segments: ({ segment }) => linked('segment', segment),
  tag_flows: ({ flow }) => linked('flow', flow),
  remove_tag_from_flows: ({ flow }) => linked('flow', flow),
  tag_campaigns: () => linked('campaign', 'none'),
  remove_tag_from_campaigns: () => linked('campaign', 'none'),
};
