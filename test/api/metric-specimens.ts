// Custom metrics to make.
export const customMetricOf = (name: string, metric_id: string, id?: string) => ({
  data: {
    type: 'custom-metric',
    ...(id !== undefined && { id }),
    attributes: {
      name,
      definition: {
        aggregation_method: 'value',
        metric_groups: [
          {
            metric_id,
            metric_filters: [
              { property: 'Store', filter: { type: 'string', operator: 'in', value: ['Main St'] } },
              { property: 'Items', filter: { type: 'list', operator: 'contains-starts-with', value: 'Dec' } },
              { property: 'ItemCount', filter: { type: 'numeric', operator: 'greater-than', value: 0 } },
            ],
            value_property: '$value',
          },
        ],
      },
    },
  },
});
