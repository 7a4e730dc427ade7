import { knownMetric } from '../../shared/domain/events/index.ts';

/** The id of a metric, which is defined by this when it is not known yet. */
export const metricIdOf = async (...of: Parameters<typeof knownMetric>): Promise<string> =>
  (await knownMetric(...of)).id;
