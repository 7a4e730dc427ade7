import { Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../config.ts';
import { acknowledge } from '../acknowledge.ts';
import type { AddAlarm } from './alarms.ts';

/** Ids and times only: paths and queries hold tokens and addresses. */
const accessLog = {
  request: '$context.requestId',
  time: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
};

/** The HTTP API, without routes: the functions bring theirs (`addRoutes`). */
export function addApi(scope: Construct, stage: Stage, addAlarm: AddAlarm): HttpApi {
  const api = new HttpApi(scope, 'Api', { createDefaultStage: false });
  const http = new HttpStage(api, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: stage.throttle.perSecond, burstLimit: stage.throttle.burst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(
        new LogGroup(api, 'AccessLog', { retention: stage.logDays, removalPolicy: stage.logRemoval }),
      ),
      format: AccessLogFormat.custom(JSON.stringify(accessLog)),
    },
  });
  addAlarm(api, 'Faults', {
    metric: http.metricServerError(),
    text: 'Requests are answered with 5xx.',
    runbook: 'http-api',
  });
  return api;
}

/** The routes of one function, each `METHOD /path`. */
export function addRoutes(api: HttpApi, name: string, target: Function, routes: readonly string[]): void {
  const integration = new HttpLambdaIntegration(name, target);
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    for (const added of api.addRoutes({
      path,
      methods: [HttpMethod[method as keyof typeof HttpMethod]],
      integration,
    })) {
      acknowledge(added, 'AwsSolutions-APIG4', 'The function behind it checks API keys, company ids or signed links.');
    }
  }
}

/** The host name of the API, for the distribution. */
export function hostOf(api: HttpApi): string {
  const { region, urlSuffix } = Stack.of(api);
  return `${api.apiId}.execute-api.${region}.${urlSuffix}`;
}
