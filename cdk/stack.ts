// The whole deployment, in the order in which its parts need each other. What is deployed stands in shared/topology.ts.
import { type App, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { type FunctionName, functions, functionSpecs } from '../shared/topology.ts';
import type { Stage } from './config.ts';
import { addAlarms, addReputationAlarms, addSendingAlarm } from './constructs/alarms.ts';
import { addApi, hostOf } from './constructs/api.ts';
import { addFilesBucket, addLogsBucket } from './constructs/buckets.ts';
import { addCdn } from './constructs/cdn.ts';
import { addDashboard } from './constructs/dashboard.ts';
import { addFunction, type CodeOf } from './constructs/functions.ts';
import { grantAll, type Resources } from './constructs/grants.ts';
import { addMail } from './constructs/mail.ts';
import { addOutputs } from './constructs/outputs.ts';
import { addQueues } from './constructs/queues.ts';
import { addSchedules } from './constructs/schedules.ts';
import { addSms, pushOf } from './constructs/sms.ts';
import { addTable } from './constructs/table.ts';
import { addTrigger } from './constructs/triggers.ts';

/** The stack of one stage. `code` says where the functions' code comes from; no account or region is looked up. */
export function createStack(app: App, { stage, code }: { stage: Stage; code: CodeOf }): Stack {
  const stack = new Stack(app, `Millrace-${stage.name}`, {
    description: `Millrace, stage ${stage.name}`,
    // What it costs is told apart by them: switch them on as cost allocation tags.
    tags: { application: 'millrace', stage: stage.name },
    terminationProtection: stage.protectTable,
  });
  const addAlarm = addAlarms(stack, stage);

  // Data: logical ids of this part are state, never rename it.
  const data = new Construct(stack, 'Data');
  const table = addTable(data, stage);
  const logs = addLogsBucket(data, stage);
  const files = addFilesBucket(data, logs);

  const queues = addQueues(stack, addAlarm);
  const bus = new EventBus(stack, 'Bus');
  addSendingAlarm(stack, { bus, addAlarm });
  const mail = addMail(stack, stage, queues.feedback);
  const sms = addSms(stack, queues.feedback);
  const push = pushOf(stack);
  addReputationAlarms(stack, addAlarm);
  const api = addApi(stack, stage, addAlarm);
  const { publicUrl } = addCdn(stack, stage, { apiHost: hostOf(api), logs });

  const parent = new Construct(stack, 'Functions');
  const add = (name: FunctionName) => addFunction(parent, name, { spec: functions[name], stage, code, addAlarm });
  const wake = add('wake');
  const schedules = addSchedules(stack, { target: wake, trigger: functions.wake.trigger, addAlarm });

  const resources: Resources = { stage, publicUrl, table, files, queues, bus, mail, sms, push, schedules, wake };
  for (const [name, spec] of functionSpecs) {
    const target = name === 'wake' ? wake : add(name);
    grantAll(target, spec.grants, resources);
    addTrigger(spec.trigger, { name, target, onFailure: spec.onFailure, api, resources, addAlarm });
  }

  addDashboard(stack, { stage, queues, api });
  addOutputs(stack, resources);
  return stack;
}
