// The one place where a deployment is configured. `cdk deploy -c stage=prod` takes a stage by its name.
import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export interface Stage {
  name: string;
  /** Where people reach it. Without it: the distribution's own name. The certificate lies in us-east-1. */
  domain?: { name: string; certificateArn: string };
  /** The domains that mail may come from. Each becomes an SES identity; its DKIM records are outputs of the stack. */
  senderDomains: readonly string[];
  /** How long logs are kept. */
  logDays: RetentionDays;
  /** What becomes of logs when the stack goes. The table and the files always stay. */
  logRemoval: RemovalPolicy;
  /** Refuses to delete the table, whoever asks. */
  protectTable: boolean;
  /** Requests to the HTTP API before it answers 429. */
  throttle: { perSecond: number; burst: number };
  /** A web ACL in us-east-1, made elsewhere: a stack in another region cannot make one for CloudFront. */
  webAclArn?: string;
  /** Hears of every alarm. */
  alarmEmail?: string;
}

export const stages: Readonly<Record<string, Stage>> = {
  dev: {
    name: 'dev',
    senderDomains: ['dev.mail.example.com'],
    logDays: RetentionDays.TWO_WEEKS,
    logRemoval: RemovalPolicy.DESTROY,
    protectTable: false,
    throttle: { perSecond: 500, burst: 1000 },
  },
  prod: {
    name: 'prod',
    senderDomains: ['mail.example.com'],
    logDays: RetentionDays.THREE_MONTHS,
    logRemoval: RemovalPolicy.RETAIN,
    protectTable: true,
    throttle: { perSecond: 5000, burst: 5000 },
  },
};

/** The stage of that name; `dev` when none is given. Throws, naming those there are. */
export function stageNamed(name: unknown = 'dev'): Stage {
  const stage = typeof name === 'string' && Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (!stage) throw new Error(`There is no stage ${String(name)} in cdk/config.ts: ${Object.keys(stages).join(', ')}.`);
  return stage;
}
