// node cdk/rehearsal.ts STAGE OUTDIR: the stack of a stage and its bundles as they would be deployed, for the rehearsal.
// A line tells when the template is there, and one of each function when its bundle is: `template`, `events`, `api` ...
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionSpecs } from '../shared/topology.ts';
import { bundle } from './bundle.ts';
import { type Stage, stageNamed } from './config.ts';

/** The seed's account sends from here. */
const sender = 'beantown.coffee';

const [name, outdir] = process.argv.slice(2);
if (name === undefined || outdir === undefined) throw new Error('node cdk/rehearsal.ts STAGE OUTDIR');
const given = stageNamed(name);
const stage: Stage = { ...given, senderDomains: [...given.senderDomains, sender] };
// Links lead to this machine.
delete stage.domain;
const bundles = join(outdir, 'bundles');

/** The template names the bundles by their folders, and so need not wait until something is in them. */
async function synthesize(folder: string): Promise<void> {
  const [{ App }, { Code }, { createStack }] = await Promise.all([
    import('aws-cdk-lib'),
    import('aws-cdk-lib/aws-lambda'),
    import('./stack.ts'),
  ]);
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  for (const [each] of functionSpecs) mkdirSync(join(bundles, each), { recursive: true });
  const settings = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:disable-asset-staging': true };
  const app = new App({ outdir: folder, context: { ...context, ...settings } });
  createStack(app, { stage, code: (each) => Code.fromAsset(join(bundles, each), { assetHash: each }) });
  app.synth();
  console.log('template');
}

await Promise.all([bundle(bundles, console.log), synthesize(outdir)]);
