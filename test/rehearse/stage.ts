// A rehearsal for tests, what was denied on it, and how grants are taken away.
import { dynoxide } from '../../functions/rehearse/dynamodb.ts';
import { type Front, openFront } from '../../functions/rehearse/front.ts';
import type { Denied } from '../../functions/rehearse/iam.ts';
import type { Hosts } from '../../functions/rehearse/outside.ts';
import type { Template } from '../../functions/rehearse/template.ts';
import type { FunctionName, Grant } from '../../shared/topology.ts';

/** Why nothing can be rehearsed here; undefined when it can. */
export const whyNot =
  dynoxide() === undefined ? 'the optional package @dynoxide/linux-x64 is not installed' : undefined;

export interface Stage extends Front {
  denied: Denied[];
  /** What the functions logged. */
  lines: readonly string[];
}

export async function openStage(hosts: Hosts = {}): Promise<Stage> {
  const denied: Denied[] = [];
  const lines: string[] = [];
  const front = await openFront(0, {
    onDenied: (one) => void denied.push(one),
    log: (line) => void lines.push(line),
    hosts,
  });
  return { ...front, denied, lines };
}

/** The actions that a grant stands for; of a queue only sending to it. */
const actions: Readonly<Record<Exclude<Grant, `queue:${string}`> | 'queue', RegExp>> = {
  'table:read': /^dynamodb:(GetItem|BatchGetItem|ConditionCheckItem|Query)$/,
  'table:write': /^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem)$/,
  'bus:publish': /^events:PutEvents$/,
  'schedule:create': /^(scheduler:CreateSchedule|iam:PassRole)$/,
  'mail:send': /^ses:SendEmail$/,
  'sms:send': /^sms-voice:SendTextMessage$/,
  'push:send': /^sns:(CreatePlatformEndpoint|Publish)$/,
  // The world outside is nobody's to allow.
  'http:request': /^never$/,
  'files:read': /^s3:(GetObject|ListBucket)$/,
  'files:write': /^s3:PutObject(Tagging)?$/,
  'files:remove': /^s3:DeleteObject$/,
  queue: /^sqs:SendMessage$/,
};

/** Whether an action belongs to a grant. */
export const belongs = (action: unknown, grant: Grant): boolean =>
  actions[grant.startsWith('queue:') ? 'queue' : (grant as keyof typeof actions)].test(String(action));

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** A grant that a function is to do without. */
export type Taken = readonly [FunctionName, Grant];

/** Takes grants of functions out of their roles. */
export const withoutAll =
  (taken: readonly Taken[]) =>
  (template: Template): Template =>
    taken.reduce((altered, [name, grant]) => without(name, grant)(altered), template);

function without(name: FunctionName, grant: Grant): (template: Template) => Template {
  const queue = grant.startsWith('queue:') ? `Queues${grant.slice('queue:'.length)}Queue` : undefined;
  const isQueue = (resource: unknown) => JSON.stringify(resource).includes(`"${queue ?? ''}`);
  return (template) => {
    const altered = structuredClone(template);
    for (const [id, { Type, Properties }] of Object.entries(altered.Resources)) {
      if (Type !== 'AWS::IAM::Policy' || !id.startsWith(`Functions${name}Role`)) continue;
      const policy = (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument;
      policy.Statement = policy.Statement.flatMap((statement) => {
        const about = listed(statement.Action).filter((action) => belongs(action, grant));
        if (about.length === 0) return [statement];
        const others = listed(statement.Action).filter((action) => !belongs(action, grant));
        const elsewhere = queue === undefined ? [] : listed(statement.Resource).filter((one) => !isQueue(one));
        return [
          ...(others.length > 0 ? [{ ...statement, Action: others }] : []),
          ...(elsewhere.length > 0 ? [{ ...statement, Action: about, Resource: elsewhere }] : []),
        ];
      });
    }
    return altered;
  };
}
