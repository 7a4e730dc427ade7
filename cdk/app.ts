import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundle } from './bundle.ts';
import { stageNamed } from './config.ts';
import { createStack } from './stack.ts';

const bundles = join(import.meta.dirname, '../node_modules/.cache/millrace/functions');
await bundle(bundles);
const app = new App();
createStack(app, {
  stage: stageNamed(app.node.tryGetContext('stage')),
  code: (name) => Code.fromAsset(join(bundles, name)),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
