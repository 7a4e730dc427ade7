import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bundledCode } from './bundle.ts';
import { stageNamed } from './config.ts';
import { createStack } from './stack.ts';

const app = new App();
createStack(app, { stage: stageNamed(app.node.tryGetContext('stage')), code: bundledCode() });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
