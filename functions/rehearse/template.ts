// The CloudFormation template, read as CloudFormation reads it: every reference resolved, or the start is stopped.
import { account, type Addresses, type Named, nameProperties, type Naming, namings, region } from './names.ts';

/** A template as it is synthesized. */
export interface Template {
  Parameters?: Readonly<Record<string, { Default?: string }>>;
  Resources: Readonly<Record<string, RawResource>>;
}

interface RawResource {
  Type: string;
  Properties?: Readonly<Record<string, unknown>>;
  Metadata?: { 'aws:cdk:path'?: string };
}

/** A resource with all references resolved. */
export interface Resource {
  id: string;
  /** Where it stands in the tree of constructs, below the stack: `Functions/wake/Function`. */
  path: string;
  type: string;
  /** What `Ref` gives. */
  ref: string;
  /** What `Fn::GetAtt … Arn` gives; empty for types that have none. */
  arn: string;
  properties: Readonly<Record<string, unknown>>;
}

/** Everything that the template deploys. */
export interface Deployed {
  stackName: string;
  ofType: (type: string) => readonly Resource[];
}

/** Types that the rehearsal runs. */
const played = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SES::EmailIdentity',
  'AWS::SMSVOICE::ConfigurationSet',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
]);

/** Types that watch or carry the others and change nothing of what they do. */
const aside = new Set([
  'AWS::ApiGatewayV2::Stage',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::Distribution',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Rule',
  'AWS::Logs::LogGroup',
]);

/** A rule that calls nobody only counts for its alarm; one that does would have to be played. */
const calls = (type: string, properties: object) => type === 'AWS::Events::Rule' && 'Targets' in properties;

/** Resolves a whole template. Throws, with its name, at a type, a reference or a function that the rehearsal does not know. */
export function readTemplate(template: Template, stackName: string, addresses: Addresses): Deployed {
  const raws = Object.entries(template.Resources);
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
    ...Object.fromEntries(
      Object.entries(template.Parameters ?? {}).map(([name, { Default }]) => [name, Default ?? '']),
    ),
  };
  const namedBy = new Map(raws.map(([id, raw]) => [id, { ...namedOf(id, raw), type: raw.Type }]));

  function namedOf(id: string, { Properties = {} }: RawResource): Named {
    const asked = nameProperties.map((property) => Properties[property]).find((value) => typeof value === 'string');
    return { id, name: asked ?? `${stackName}-${id}`, addresses };
  }

  function namingOf(id: string, what: string): { naming: Naming; named: Named } {
    const named = namedBy.get(id);
    if (!named) throw new Error(`${what}: the template has no resource ${id}.`);
    const naming = namings[named.type];
    if (!naming) throw new Error(`${what}: the rehearsal gives ${named.type} no name.`);
    return { naming, named };
  }

  function ref(id: string): string {
    if (pseudo[id] !== undefined) return pseudo[id];
    const { naming, named } = namingOf(id, `Ref ${id}`);
    return naming.ref(named);
  }

  function attribute(id: string, name: string): string {
    const { naming, named } = namingOf(id, `Fn::GetAtt ${id}.${name}`);
    const value = naming.attributes[name];
    if (!value) throw new Error(`Fn::GetAtt ${id}.${name}: the rehearsal does not know this attribute.`);
    return value(named);
  }

  function substituted(text: string): string {
    return text.replaceAll(/\$\{([^}!]+)\}/g, (_, name: string) => {
      const [id = '', ...rest] = name.split('.');
      return rest.length > 0 ? attribute(id, rest.join('.')) : ref(id);
    });
  }

  const list = (value: unknown) => resolve(value) as readonly unknown[];

  const functions: Readonly<Record<string, (value: unknown) => unknown>> = {
    Ref: (value) => ref(String(value)),
    'Fn::GetAtt': (value) => attribute(...(value as [string, string])),
    'Fn::Sub': (value) => {
      if (typeof value !== 'string')
        throw new Error('Fn::Sub with variables of its own: the rehearsal does not know it.');
      return substituted(value);
    },
    'Fn::Join': (value) => {
      const [separator, parts] = list(value) as [string, readonly unknown[]];
      return parts.join(separator);
    },
    'Fn::Select': (value) => {
      const [index, parts] = list(value) as [number | string, readonly unknown[]];
      return parts[Number(index)];
    },
    'Fn::Split': (value) => {
      const [separator, text] = list(value) as [string, string];
      return text.split(separator);
    },
  };

  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      const evaluate = functions[first[0]];
      if (!evaluate) throw new Error(`The template uses ${first[0]}, which the rehearsal does not know.`);
      return evaluate(first[1]);
    }
    return Object.fromEntries(entries.map(([name, inner]) => [name, resolve(inner)]));
  }

  const resources = raws.map(([id, raw]): Resource => {
    const { Type: type, Properties = {}, Metadata = {} } = raw;
    const isKnown = (played.has(type) || aside.has(type)) && !calls(type, Properties);
    if (!isKnown) throw new Error(`${id}: the rehearsal does not know ${type}.`);
    return {
      id,
      path: (Metadata['aws:cdk:path'] ?? id).replace(/^[^/]*\//, '').replace(/\/Resource$/, ''),
      type,
      ref: namings[type] ? ref(id) : id,
      arn: namings[type]?.attributes.Arn ? attribute(id, 'Arn') : '',
      properties: resolve(Properties) as Resource['properties'],
    };
  });
  return { stackName, ofType: (type) => resources.filter((resource) => resource.type === type) };
}
