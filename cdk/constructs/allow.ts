import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from '../acknowledge.ts';

export interface Allowance {
  actions: string[];
  resources: string[];
  conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why a resource among them ends in a wildcard; without a reason cdk-nag refuses one. */
  wildcard?: string;
}

/** Adds a statement to the role of a function. */
export function allow(target: Function, { actions, resources, conditions, wildcard }: Allowance): void {
  target.addToRolePolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  if (wildcard === undefined || !target.role) return;
  for (const resource of resources.map((arn) => flattened(Stack.of(target).resolve(arn)))) {
    if (resource.endsWith('*')) acknowledge(target.role, `AwsSolutions-IAM5[Resource::${resource}]`, wildcard);
  }
}

/** A resolved ARN as cdk-nag names it in a finding: references in angle brackets. */
function flattened(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if (!('Fn::Join' in value) || !Array.isArray(value['Fn::Join'])) throw new Error('An ARN of an unknown form.');
  const [, parts] = value['Fn::Join'] as [string, unknown[]];
  return parts.map(flattened).join('');
}
