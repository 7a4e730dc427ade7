// node cdk/rehearsal.ts STAGE OUTDIR: the stack of a stage and its bundles as they would be deployed, for the rehearsal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from './bundle.ts';
import { type Stage, stageNamed } from './config.ts';
import { createStack } from './stack.ts';

/** The seed's account sends from here. */
const sender = 'beantown.coffee';

const [name, outdir] = process.argv.slice(2);
if (name === undefined || outdir === undefined) throw new Error('node cdk/rehearsal.ts STAGE OUTDIR');
const given = stageNamed(name);
const stage: Stage = { ...given, senderDomains: [...given.senderDomains, sender] };
// Links lead to this machine.
delete stage.domain;
const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};
const bundles = join(outdir, 'bundles');
bundle(bundles);
const app = new App({ outdir, context: { ...context, 'aws:cdk:enable-path-metadata': true } });
createStack(app, { stage, code: (one) => Code.fromAsset(join(bundles, one)) });
app.synth();
