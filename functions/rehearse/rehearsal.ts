// The deployed system on this machine: the template's resources, its functions' own bundles, and AWS around them.
import type { Instant } from '../../shared/kernel/time.ts';
import { randomUUID } from 'node:crypto';
import { createInbox, type Inbox } from '../local/inbox.ts';
import { createGateway } from '../local/gateway.ts';
import { createPump } from '../local/pump.ts';
import type { GatewayRequest } from '../local/events.ts';
import type { HttpResponse } from '../../shared/jsonapi/http.ts';
import { createEvents } from './bus.ts';
import { createSharedClock } from './clock.ts';
import { startDatabase } from './dynamodb.ts';
import { createExpiry } from './expire.ts';
import { startGateway } from './gateway.ts';
import { type Caller, createIam, type IamWitness } from './iam.ts';
import type { Deployment } from '../cli/commands.ts';
import { rehearsed } from '../cli/deployed.ts';
import { region } from './names.ts';
import { readerOf, seedTable } from './operator.ts';
import type { Hosts } from './outside.ts';
import { createScheduler } from './scheduler.ts';
import { createMailbox } from './ses.ts';
import { createTexts } from './sms.ts';
import { createNotifications } from './sns.ts';
import { createQueues, type Queues } from './sqs.ts';
import { startFiles } from './s3.ts';
import { assemble, type Assembly } from './synthesize.ts';
import { readTemplate, type Template } from './template.ts';
import { asyncInvocations, eventSources, type Parts, routesOf } from './triggers.ts';
import { createTopics } from './topics.ts';
import { createLambda } from './workers.ts';

export interface RehearsalOptions extends IamWitness {
  /** The stage of cdk/config.ts; default `dev`. */
  stage?: string;
  /** What is made of it, for whoever had it begun before; default: it is made now. */
  assembly?: Promise<Assembly>;
  /** Ready when whatever answers requests is bundled, while the rest still is; default: when everything is. */
  early?: boolean;
  /** Where people reach it: `http://127.0.0.1:3000`. */
  publicUrl: string;
  /** Where log lines of the functions go; default nowhere. */
  log?: (line: string) => void;
  /** Changes the template before it is run: what a test takes away. */
  alter?: (template: Template) => Template;
  /** Servers outside of AWS, by name, that are played on this machine; default none. */
  hosts?: Hosts;
  /** How many events one function works on at a time; default 2. */
  containers?: number;
}

export interface Rehearsal {
  /** Sends a request through the HTTP API. */
  request: (request: GatewayRequest) => Promise<HttpResponse>;
  /** Turns the clock forward; everything that falls due on the way happens, in order. */
  advance: (ms: number) => Promise<void>;
  now: () => Instant;
  /** Changes the policies of the template that runs, as an update of the stack would; the next call starts from the template again. */
  amend: (alter: (template: Template) => Template) => void;
  inbox: Inbox;
  deadLetters: Queues['deadLetters'];
  /** What the owner's commands work on. */
  deployment: Deployment;
  /** The environment for tools that should see this AWS: the SDK, the CLI of Millrace. */
  operator: Readonly<Record<string, string>>;
  tableName: string;
  stop: () => Promise<void>;
}

/** Who may do everything: the owner's tools. */
const operator = { accessKeyId: 'operator', secretAccessKey: 'rehearsal' };

/** What was started, and how to end it. */
type Stops = (() => Promise<void>)[];

/** Ends everything, the latest first. */
async function endAll(stops: Stops): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop();
}

/** Runs a stage, ready for requests and working in the background. A start that fails leaves nothing behind. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const stops: Stops = [];
  return start(options, stops).catch(async (error: unknown) => {
    await endAll(stops);
    throw error;
  });
}

async function start(options: RehearsalOptions, stops: Stops): Promise<Rehearsal> {
  const { stage = 'dev', publicUrl, log = () => undefined, hosts = {}, containers = 2 } = options;
  const { alter = (template: Template) => template } = options;
  const gateway = await startGateway();
  stops.push(() => gateway.close());
  const { template, folderOf, bundled, end } = await (options.assembly ?? assemble(stage));
  stops.push(end);
  const publicHost = publicUrl.replace(/^https?:\/\//, '');
  const read = (one: Template) => readTemplate(one, `Millrace-${stage}`, { aws: gateway.url, publicHost });
  const deployed = read(alter(template));
  const clock = createSharedClock();
  const iam = createIam(deployed, options);
  let poke = (): void => undefined;
  let onWrite = (): void => undefined;

  const [table] = deployed.ofType('AWS::DynamoDB::GlobalTable');
  if (!table) throw new Error('The template has no table.');
  const [database, files] = await Promise.all([startDatabase(table, () => onWrite()), startFiles(deployed)]);
  stops.push(
    () => database.stop(),
    () => files.stop(),
  );
  await seedTable(database.call, table.ref, clock);
  const queues = createQueues({
    deployed,
    clock,
    onSend: () => poke(),
    onDeadLetter: (queue, body) => log(`${queue} ERROR a dead letter: ${body}`),
  });
  const lambdas = deployed.ofType('AWS::Lambda::Function').map((one) =>
    createLambda(one, {
      folderOf,
      clock,
      offset: clock.shared,
      awsUrl: gateway.url,
      publicHost,
      hosts,
      containers,
      log,
    }),
  );
  stops.push(async () => {
    await Promise.all(lambdas.map((lambda) => lambda.stop()));
  });
  const byArn = new Map(lambdas.flatMap((lambda) => [lambda.arn, lambda.name].map((name) => [name, lambda] as const)));
  const expiry = createExpiry({ clock, call: database.call, table });
  const parts: Parts = { deployed, clock, iam, queues, database, expiry, lambdas: byArn, containers };
  const mappings = eventSources(parts);
  const { source: invocations, start: invokeLater } = asyncInvocations(parts);
  const scheduler = createScheduler({
    deployed,
    clock,
    iam,
    start: invokeLater,
    bury: queues.bury,
    onChange: () => poke(),
  });
  const publish = createTopics({ deployed, clock, iam, deliver: queues.accept });
  const mailbox = createMailbox({ deployed, clock, publish });
  const texts = createTexts({ deployed, clock, publish });
  const notifications = createNotifications({ clock });
  const events = createEvents(deployed);

  const callers = new Map<string, Caller>(lambdas.map(({ accessKey, role }) => [accessKey, { role }]));
  callers.set(operator.accessKeyId, { operator: true });
  gateway.serve({
    iam,
    callers,
    services: {
      dynamodb: database.service,
      sqs: queues.service,
      events: events.service,
      scheduler: scheduler.service,
      ses: mailbox.service,
      'sms-voice': texts.service,
      sns: notifications.service,
      s3: files.service,
    },
    onFault: (error) =>
      log(`The rehearsal ERROR ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });

  const pump = createPump({
    sources: [...mappings.sources, invocations, scheduler.source, expiry.source],
    clock,
    parallel: 8,
  });
  poke = () => pump.poke();
  onWrite = () => {
    mappings.onWrite();
    pump.poke();
  };
  const request = createGateway({
    clock,
    ids: { uuid: () => randomUUID() },
    routes: routesOf(parts),
    invoke: async (arn, event) => byArn.get(arn)?.invoke(event),
  });
  const deployment = rehearsed({
    place: { endpoint: gateway.url, region, credentials: operator },
    table: table.ref,
    clock,
    redrive: async (queue) => `${queues.redrive(`Queues/${queue}/`)} messages went back into ${queue}.`,
  });
  pump.run();
  stops.push(() => pump.stop());
  await bundled(options.early ? 'answering' : 'all');
  return {
    request,
    advance: (ms) => pump.advance(ms),
    now: () => clock.now(),
    amend: (change) => iam.update(read(change(template))),
    inbox: createInbox({
      mail: mailbox,
      sms: texts,
      push: notifications,
      bus: events,
      store: readerOf(database.call, table.ref),
    }),
    deadLetters: queues.deadLetters,
    deployment,
    operator: {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
      AWS_REGION: region,
    },
    tableName: table.ref,
    stop: () => endAll(stops),
  };
}
