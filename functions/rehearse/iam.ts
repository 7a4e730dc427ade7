// IAM, as far as the template's policies use it: who may do what to what. What is not allowed is denied, as in AWS.
import * as z from 'zod/mini';
import { account } from './names.ts';
import type { Deployed, Resource } from './template.ts';

/** One thing that a call does, as policies name it. */
export interface Act {
  action: string;
  resource: string;
  /** The values of condition keys. */
  context?: Readonly<Record<string, string>>;
}

/** Who calls: a role, or a service of AWS in its own name. */
export type Caller = { role: string } | { service: string } | { operator: true };

const oneOrMore = z.union([
  z.pipe(
    z.string(),
    z.transform((one) => [one]),
  ),
  z.array(z.string()),
]);
const values = z.union([
  z.pipe(
    z.union([z.string(), z.number(), z.boolean()]),
    z.transform((one) => [String(one)]),
  ),
  z.array(z.string()),
]);
const principal = z.union([
  z.literal('*'),
  z.strictObject({ AWS: z.optional(oneOrMore), Service: z.optional(oneOrMore) }),
]);

/** Strict: an element that we do not evaluate must not pass unseen. */
const statement = z.strictObject({
  Sid: z.optional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: z.optional(oneOrMore),
  Principal: z.optional(principal),
  Condition: z._default(z.record(z.string(), z.record(z.string(), values)), {}),
});
export type Statement = z.infer<typeof statement>;

const document = z.object({ Statement: z.array(statement) });

/** The statements of a policy document. Throws at an element or a condition operator that is not evaluated here. */
export function statementsOf(policy: unknown): Statement[] {
  const parsed = document.parse(policy).Statement;
  for (const { Condition } of parsed) {
    const unknown = Object.keys(Condition).find((operator) => !operators[operator]);
    if (unknown !== undefined)
      throw new Error(`The template's policies use ${unknown}, which the rehearsal does not know.`);
  }
  return parsed;
}

const patterns = new Map<string, RegExp>();

/** Whether a text fits a pattern with `*` and `?`. */
function fits(pattern: string, text: string): boolean {
  const known = patterns.get(pattern);
  if (known) return known.test(text);
  const source = pattern
    .replaceAll(/[\\^$+.()|[\]{}]/g, String.raw`\$&`)
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  const made = new RegExp(`^${source}$`);
  patterns.set(pattern, made);
  return made.test(text);
}

const operators: Readonly<Record<string, (wanted: string, given: string) => boolean>> = {
  ArnEquals: fits,
  ArnLike: fits,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  NumericLessThan: (wanted, given) => Number(given) < Number(wanted),
  StringEquals: (wanted, given) => wanted === given,
  StringLike: fits,
};

/** What holds for every call in AWS. */
const always = { 'aws:securetransport': 'true', 's3:tlsversion': '1.3' };

/** A condition holds when every key of every operator fits; a key that the call does not have fits nothing. */
function holds({ Condition }: Statement, context: Readonly<Record<string, string>>): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context[key.toLowerCase()];
      return given !== undefined && wanted.some((one) => operators[operator]?.(one, given));
    }),
  );
}

function isAbout(one: Statement, { action, resource, context = {} }: Act): boolean {
  const lowered = Object.fromEntries(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return (
    one.Action.some((pattern) => fits(pattern.toLowerCase(), action.toLowerCase())) &&
    (one.Resource ?? ['*']).some((pattern) => fits(pattern, resource)) &&
    holds(one, { ...always, ...lowered })
  );
}

/** Whether a resource's own policy speaks of the caller. */
function names({ Principal }: Statement, caller: Caller): boolean {
  if (Principal === undefined) return false;
  if (Principal === '*' || Principal.AWS?.includes('*')) return true;
  if ('service' in caller) return Principal.Service?.includes(caller.service) ?? false;
  return 'role' in caller && (Principal.AWS?.includes(caller.role) ?? false);
}

/** What is missing when a caller may not do something. */
export class Denied extends Error {
  readonly missing: Readonly<Record<string, unknown>>;
  constructor(who: string, { action, resource, context }: Act, explicit: boolean) {
    const because = explicit ? 'with an explicit deny in a policy' : `because no policy allows the ${action} action`;
    super(`User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${because}`);
    this.name = 'AccessDeniedException';
    this.missing = {
      Effect: 'Allow',
      Action: action,
      Resource: resource,
      ...(context && { Condition: { StringEquals: context } }),
    };
  }
}

export interface Iam {
  /** Takes the policies of this template from now on, as an update of the stack does. */
  update(deployed: Deployed): void;
  /** Throws Denied unless the caller may do all of it. */
  demand(caller: Caller, acts: readonly Act[]): void;
  /** Whether a service may take on a role. */
  mayAssume(service: string, role: string, context: Readonly<Record<string, string>>): boolean;
}

interface Role {
  arn: string;
  statements: Statement[];
  trust: Statement[];
}

const inline = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z._default(z.array(z.object({ PolicyDocument: z.unknown() })), []),
});
const attached = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()) });

/** Hears of every decision. */
export interface IamWitness {
  onDenied?: (denied: Denied) => void;
  onAllowed?: (caller: Caller, act: Act) => void;
}

interface Policies {
  roles: ReadonlyMap<string, Role>;
  ofResources: readonly Statement[];
}

/** All policies of the template, of roles by their ARN. */
function policiesOf(deployed: Deployed): Policies {
  const roles = new Map(deployed.ofType('AWS::IAM::Role').map((role) => [role.ref, roleOf(role)]));
  for (const { properties } of deployed.ofType('AWS::IAM::Policy')) {
    const { PolicyDocument, Roles } = attached.parse(properties);
    for (const name of Roles) roles.get(name)?.statements.push(...statementsOf(PolicyDocument));
  }
  const byArn = new Map([...roles.values()].map((role) => [role.arn, role]));
  return { roles: byArn, ofResources: resourcePolicies(deployed) };
}

/** Who may do what by the policies of the template. */
export function createIam(deployed: Deployed, { onDenied, onAllowed }: IamWitness): Iam {
  let policies = policiesOf(deployed);

  function verdict(caller: Caller, act: Act): 'allowed' | 'denied' | 'unmentioned' {
    const own = 'role' in caller ? (policies.roles.get(caller.role)?.statements ?? []) : [];
    const theirs = policies.ofResources.filter((one) => names(one, caller));
    const about = [...own, ...theirs].filter((one) => isAbout(one, act));
    if (about.some(({ Effect }) => Effect === 'Deny')) return 'denied';
    return about.length > 0 ? 'allowed' : 'unmentioned';
  }

  return {
    update: (changed) => void (policies = policiesOf(changed)),
    demand(caller, acts) {
      if ('operator' in caller) return;
      for (const act of acts) {
        const found = verdict(caller, act);
        if (found === 'allowed') {
          onAllowed?.(caller, act);
          continue;
        }
        const denied = new Denied('role' in caller ? caller.role : caller.service, act, found === 'denied');
        onDenied?.(denied);
        throw denied;
      }
    },
    mayAssume(service, role, context) {
      const act = { action: 'sts:AssumeRole', resource: role, context };
      const trust = policies.roles.get(role)?.trust ?? [];
      return trust.some((one) => names(one, { service }) && isAbout(one, act));
    },
  };
}

function roleOf({ arn, properties }: Resource): Role {
  const { AssumeRolePolicyDocument, Policies } = inline.parse(properties);
  const statements = Policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
  return { arn, statements, trust: statementsOf(AssumeRolePolicyDocument) };
}

const permission = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string(),
});

/** The policies of queues, topics, buckets and functions. */
function resourcePolicies(deployed: Deployed): Statement[] {
  const types = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'];
  const written = types
    .flatMap((type) => deployed.ofType(type))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument));
  const ofFunctions = deployed.ofType('AWS::Lambda::Permission').map(({ properties }): Statement => {
    const { Action, FunctionName, Principal, SourceArn } = permission.parse(properties);
    return {
      Effect: 'Allow',
      Action: [Action],
      Resource: [FunctionName],
      Principal: { Service: [Principal] },
      Condition: { ArnLike: { 'aws:SourceArn': [SourceArn] } },
    };
  });
  return [...written, ...ofFunctions];
}

/** The context of a call that a service makes for a resource of ours. */
export const onBehalfOf = (arn: string) => ({ 'aws:SourceAccount': account, 'aws:SourceArn': arn });
