// The names under which the template's resources exist, as CloudFormation gives them: Ref and the attributes.

/** Where the rehearsal takes place. */
export const region = 'us-east-1';
export const account = '000000000000';

/** The ARN of something of ours. */
export const arnOf = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;

/** Where the rehearsal itself listens. */
export interface Addresses {
  /** Of all AWS services: `http://127.0.0.1:4000`. */
  aws: string;
  /** Of what people reach, without the protocol: `127.0.0.1:3000`. */
  publicHost: string;
}

/** A resource before its own references are resolved. */
export interface Named {
  id: string;
  /** The name it asks for, or the stack's name and its id. */
  name: string;
  addresses: Addresses;
}

type Attribute = (resource: Named) => string;

export interface Naming {
  ref: Attribute;
  attributes: Readonly<Record<string, Attribute>>;
}

const name: Attribute = (resource) => resource.name;
const id: Attribute = (resource) => resource.id;
const arn =
  (service: string, prefix = ''): Attribute =>
  (resource) =>
    arnOf(service, `${prefix}${resource.name}`);
const topicArn = arn('sns');
const bucketName: Attribute = (resource) => resource.name.toLowerCase();
const roleArn: Attribute = (resource) => `arn:aws:iam::${account}:role/${resource.name}`;

/** How each type is named. A reference to a type, or to an attribute, that is not here stops the start. */
export const namings: Readonly<Record<string, Naming>> = {
  'AWS::ApiGatewayV2::Api': { ref: id, attributes: {} },
  'AWS::ApiGatewayV2::Integration': { ref: id, attributes: {} },
  'AWS::CloudFront::CachePolicy': { ref: id, attributes: {} },
  'AWS::CloudFront::Distribution': {
    ref: id,
    attributes: { DomainName: ({ addresses }) => addresses.publicHost },
  },
  'AWS::DynamoDB::GlobalTable': {
    ref: name,
    attributes: {
      Arn: arn('dynamodb', 'table/'),
      StreamArn: (resource) => `${arn('dynamodb', 'table/')(resource)}/stream/rehearsal`,
    },
  },
  'AWS::Events::EventBus': { ref: name, attributes: { Arn: arn('events', 'event-bus/'), Name: name } },
  'AWS::Events::Rule': { ref: name, attributes: {} },
  'AWS::IAM::Role': { ref: name, attributes: { Arn: roleArn } },
  'AWS::Lambda::Function': { ref: name, attributes: { Arn: arn('lambda', 'function:') } },
  'AWS::Logs::LogGroup': {
    ref: name,
    attributes: { Arn: (resource) => `${arn('logs', 'log-group:')(resource)}:*` },
  },
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: {
      Arn: (resource) => `arn:aws:s3:::${bucketName(resource)}`,
      RegionalDomainName: (resource) => `${bucketName(resource)}.s3.${region}.amazonaws.com`,
    },
  },
  'AWS::SES::ConfigurationSet': { ref: name, attributes: {} },
  'AWS::SES::EmailIdentity': {
    ref: name,
    attributes: Object.fromEntries(
      [1, 2, 3].flatMap((n) => [
        [`DkimDNSTokenName${n}`, (resource: Named) => `token${n}._domainkey.${resource.name}`],
        [`DkimDNSTokenValue${n}`, () => `token${n}.dkim.amazonses.com`],
      ]),
    ),
  },
  'AWS::SMSVOICE::ConfigurationSet': { ref: name, attributes: { Arn: arn('sms-voice', 'configuration-set/') } },
  'AWS::SNS::Topic': { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: name } },
  'AWS::SQS::Queue': {
    ref: ({ name: queue, addresses }) => `${addresses.aws}/${account}/${queue}`,
    attributes: { Arn: arn('sqs'), QueueName: name },
  },
  'AWS::Scheduler::ScheduleGroup': { ref: name, attributes: { Arn: arn('scheduler', 'schedule-group/') } },
};

/** The properties by which a resource asks for a name of its own. */
export const nameProperties = [
  'TableName',
  'QueueName',
  'BucketName',
  'FunctionName',
  'RoleName',
  'EmailIdentity',
  'Name',
];
