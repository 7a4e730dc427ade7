import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Stack } from 'aws-cdk-lib';
import type { Stage } from '../config.ts';
import type { Queues } from './queues.ts';

/** One page: what comes in, what waits, what was given up. */
export function addDashboard(
  stack: Stack,
  { stage, queues, api }: { stage: Stage; queues: Queues; api: HttpApi },
): void {
  const all = Object.values(queues);
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
  const dashboard = new Dashboard(stack, 'Dashboard', { dashboardName: `Millrace-${stage.name}` });
  dashboard.addWidgets(
    graph('Requests', [api.metricCount(), api.metricClientError(), api.metricServerError()]),
    graph('Latency', [api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })]),
    graph(
      'Age of the oldest message',
      all.map((queue) => queue.metricApproximateAgeOfOldestMessage()),
    ),
    graph(
      'Dead letters',
      all.flatMap((queue) => queue.deadLetterQueue?.queue.metricApproximateNumberOfMessagesVisible() ?? []),
    ),
  );
}
