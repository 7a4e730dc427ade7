// Templates of every editor, and good requests about them.

/** Ids of what templates are furnished with. */
export interface TemplateThings {
  template: string;
  universal: string;
  feed: string;
}

export const templateOf = (attributes: object) => ({
  data: {
    type: 'template',
    attributes: { name: 'Hello', editor_type: 'CODE', html: '<p>{{ first_name }}</p>', ...attributes },
  },
});

/** A block with text. */
export const textBlock = (content: string, more: object = {}) => ({
  content_type: 'block' as const,
  type: 'text' as const,
  data: { content, display_options: {}, styles: {} },
  ...more,
});

/** A definition of one column. */
export const definitionOf = (...blocks: object[]) => ({
  body: {
    properties: {},
    styles: { width: 600 },
    sections: [
      {
        content_type: 'section',
        type: 'section',
        data: { properties: {}, display_options: {}, styles: {} },
        rows: [{ data: { styles: { column_layout: '1-column-full-width' } }, columns: [{ blocks }] }],
      },
    ],
  },
  styles: [],
});

export const universalOf = (definition: object, name = 'Footer') => ({
  data: { type: 'template-universal-content', attributes: { name, definition } },
});

export const feedOf = (name: string) => ({
  data: {
    type: 'web-feed',
    attributes: { name, url: 'https://shop.example/feed', request_method: 'get', content_type: 'json' },
  },
});

/** A good body for every operation on templates that takes one. */
export const templateBodies: Readonly<Record<string, (things: TemplateThings) => object>> = {
  create_template: () => templateOf({ text: 'Hello {{ first_name }}', amp: '<p>hi</p>' }),
  update_template: ({ template }) => ({
    data: { type: 'template', id: template, attributes: { name: 'Renamed', html: '<p>{{ 1|add:2 }}</p>' } },
  }),
  render_template: ({ template }) => ({
    data: { type: 'template', id: template, attributes: { context: { first_name: 'Ana', event: { a: [1, 2] } } } },
  }),
  clone_template: ({ template }) => ({ data: { type: 'template', id: template, attributes: { name: 'A copy' } } }),
  create_web_feed: () => feedOf('fresh'),
  update_web_feed: ({ feed }) => ({
    data: { type: 'web-feed', id: feed, attributes: { name: 'renamed', content_type: 'xml' } },
  }),
  create_universal_content: () => universalOf(textBlock('<p>All of us</p>')),
  update_universal_content: ({ universal }) => ({
    data: { ...universalOf(textBlock('<p>Others</p>')).data, id: universal },
  }),
};
