// Custom metrics to make, and conditions on metrics.
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

export const conditionsOf = (...conditions: object[]) => ({ condition_groups: [{ conditions }] });

export const orderedOnce = (metric_id: string) => ({
  type: 'profile-metric',
  metric_id,
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than', value: 0 },
  timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
});
