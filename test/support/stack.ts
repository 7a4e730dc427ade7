// The stack of a stage, synthesized in this process without bundling anything.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Template } from 'aws-cdk-lib/assertions';
import type { Stage } from '../../cdk/config.ts';
import { createStack } from '../../cdk/stack.ts';

// The same places in every run, so that nothing piles up; one set for each worker of the test runner.
const output = join('node_modules/.cache/millrace/synth', process.env.VITEST_POOL_ID ?? '0');
let synthesized = 0;

/** The app with the stack of a stage, under the feature flags of cdk.json. Functions have a line of code each. */
export function stackOf(stage: Stage): { app: App; stack: Stack } {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const app = new App({
    outdir: join(output, String((synthesized += 1))),
    context: { ...context, 'aws:cdk:enable-path-metadata': true },
  });
  const code = () => Code.fromInline('exports.handler = async () => {};');
  return { app, stack: createStack(app, { stage, code }) };
}

/** A resource of a template. */
export interface Resource {
  id: string;
  /** Where it stands in the tree of constructs, below the stack: `Queues/flows/Queue`. */
  path: string;
  type: string;
  properties: Record<string, unknown>;
  deletionPolicy?: string;
}

/** Everything that the stack of a stage deploys, and a way to read references in it. */
export function synthesize(stage: Stage) {
  const template = Template.fromStack(stackOf(stage).stack).toJSON() as { Resources: Record<string, RawResource> };
  const resources = Object.entries(template.Resources).map(([id, raw]): Resource => {
    const path =
      raw.Metadata?.['aws:cdk:path']
        ?.split('/')
        .slice(1)
        .join('/')
        .replace(/\/Resource$/, '') ?? id;
    const policy = raw.DeletionPolicy === undefined ? {} : { deletionPolicy: raw.DeletionPolicy };
    return { id, path, type: raw.Type, properties: raw.Properties ?? {}, ...policy };
  });
  const paths = new Map(resources.map(({ id, path }) => [id, path]));

  /** A value with its references written as paths in angle brackets: `<Data/Table>/index/feed`. */
  function plain(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(plain);
    if ('Ref' in value) return `<${paths.get(String(value.Ref)) ?? String(value.Ref)}>`;
    if ('Fn::GetAtt' in value) {
      const [id, attribute] = value['Fn::GetAtt'] as [string, string];
      return attribute === 'Arn' ? `<${paths.get(id)}>` : `<${paths.get(id)}.${attribute}>`;
    }
    if ('Fn::Join' in value) {
      const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
      return parts.map(plain).join(separator);
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }

  const read = resources.map((resource) => ({ ...resource, properties: plain(resource.properties) as Properties }));
  return {
    resources: read,
    ofType: (type: string) => read.filter((resource) => resource.type === type),
    at(path: string) {
      const found = read.find((resource) => resource.path === path);
      if (!found) throw new Error(`Nothing stands at ${path}.`);
      return found;
    },
  };
}

type Properties = Record<string, unknown>;

interface RawResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  Metadata?: Record<string, string>;
}
