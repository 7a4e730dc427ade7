import { Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { type Stage, stages } from '../../cdk/config.ts';
import { stackOf } from '../support/stack.ts';

/** Checks the stack of a stage as cdk/app.ts does; `spoil` may change it before. */
function check(stage: Stage, spoil: (stack: ReturnType<typeof stackOf>['stack']) => void = () => undefined) {
  const { app, stack } = stackOf(stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  spoil(stack);
  return { app, stack };
}

it.each(Object.values(stages))('the stack of $name passes the checks of AwsSolutions', (stage) => {
  const { app } = check(stage);
  expect(() => app.synth()).not.toThrow();
});

it('the checks find a permission that is too wide', () => {
  const { app } = check(stages.dev!, (stack) => {
    const role = new Role(stack, 'Wide', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
  });
  expect(() => app.synth()).toThrow('AwsSolutions-IAM5[Action::s3:*]');
});

it('every acknowledgement gives a reason, a sentence long', () => {
  const { stack } = check(stages.dev!);
  const reasons = stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values(data as Record<string, string>));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatch(/^\S+( \S+){4,}$/);
});
