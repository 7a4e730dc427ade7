import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName, FunctionSpec } from '../../shared/topology.ts';
import type { Stage } from '../config.ts';
import type { AddAlarm } from './alarms.ts';

/** Where the code of a function comes from. */
export type CodeOf = (name: FunctionName) => Code;

/** A function with a role of its own that may write its own log, and nothing else yet. */
export function addFunction(
  parent: Construct,
  name: FunctionName,
  { spec, stage, code, addAlarm }: { spec: FunctionSpec; stage: Stage; code: CodeOf; addAlarm: AddAlarm },
): Function {
  const scope = new Construct(parent, name);
  const logGroup = new LogGroup(scope, 'Log', { retention: stage.logDays, removalPolicy: stage.logRemoval });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  const created = new Function(scope, 'Function', {
    description: `Millrace ${stage.name}: ${name}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: code(name),
    handler: 'index.handler',
    memorySize: spec.memoryMb,
    timeout: Duration.seconds(spec.timeoutSeconds),
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
  });
  addAlarm(scope, 'Errors', { metric: created.metricErrors(), text: spec.onFailure, runbook: name });
  return created;
}
