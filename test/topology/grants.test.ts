// What the code of a function calls is what its grants allow: a missing grant would fail in the cloud only.
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { type FunctionSpec, functionSpecs } from '../../shared/topology.ts';

/** The grant, or the kind of grant, that a call of a port needs. */
const grantFor: Record<string, string> = {
  'store.get': 'table:read',
  'store.getMany': 'table:read',
  'store.query': 'table:read',
  'store.write': 'table:write',
  'store.writeMany': 'table:write',
  'store.transact': 'table:write',
  'bus.publish': 'bus:publish',
  'schedule.once': 'schedule:create',
  'mail.send': 'mail:send',
  'sms.send': 'sms:send',
  'push.send': 'push:send',
  'http.request': 'http:request',
  'http.download': 'http:request',
  'files.get': 'files:read',
  'files.put': 'files:write',
  'files.remove': 'files:remove',
  'queue.send': 'queue',
};

const { outputFiles } = buildSync({
  entryPoints: Object.fromEntries(functionSpecs.map(([name]) => [name, `functions/${name}/main.ts`])),
  outdir: 'unwritten',
  write: false,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  logLevel: 'error',
});

/** The kinds of grants that what is left of a function's code after tree shaking calls for. */
function called(name: string): string[] {
  const code = outputFiles.find(({ path }) => path.endsWith(`/${name}.js`))?.text ?? '';
  const calls = [...code.matchAll(/\b(store|bus|schedule|mail|sms|push|http|files|queue)\d*\.(\w+)\(/g)].map(
    ([, port, method]) => grantFor[`${port}.${method}`],
  );
  return [...new Set(calls.filter((grant) => grant !== undefined))].sort();
}

it.each(functionSpecs)(
  '%s calls what it is granted, and is granted nothing that it does not call',
  (name, spec: FunctionSpec) => {
    const kinds = spec.grants.map((grant) => (grant.startsWith('queue:') ? 'queue' : grant));
    expect(called(name)).toEqual([...new Set(kinds)].sort());
  },
);
