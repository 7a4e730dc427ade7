// npm run rehearse: the stack as it would be deployed, on this machine.
import { parseArgs } from 'node:util';
import type { Denied } from './iam.ts';
import { assemble } from './synthesize.ts';

const usage = `npm run rehearse -- [--port 3000] [--stage dev] [--quiet] [--demo]
  --port   where to listen (127.0.0.1 only); 0 takes a free port
  --stage  the stage of cdk/config.ts that is synthesized and run
  --quiet  no log lines of the functions, only what was denied
  --demo   tells the demo's story and ends`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        stage: { type: 'string' },
        quiet: { type: 'boolean' },
        demo: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const port = Number(values.port ?? (values.demo ? 0 : 3000));
    if (values.help || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('');
    return {
      port,
      stage: values.stage ?? 'dev',
      quiet: (values.quiet ?? false) || (values.demo ?? false),
      demo: values.demo,
    };
  } catch (error) {
    console.error([error instanceof Error ? error.message : '', usage].filter(Boolean).join('\n\n'));
    return process.exit(2);
  }
}

const { port, stage, quiet, demo } = options();
// A process of its own works on it while this one loads what it needs.
const assembly = assemble(stage);
const [{ openFront }, { seeded }, { tellStory }, { welcome }] = await Promise.all([
  import('./front.ts'),
  import('../local/seed.ts'),
  import('../local/story.ts'),
  import('../local/system.ts'),
]);
const print = (line: string) => {
  console.log(line);
};

const onDenied = ({ message, missing }: Denied) => {
  console.error(`\nAccessDenied: ${message}\nThis statement is missing: ${JSON.stringify(missing)}\n`);
};

const front = await openFront(port, { stage, assembly, early: !demo, onDenied, ...(!quiet && { log: print }) }).catch(
  (error: unknown) => {
    console.error(error);
    return process.exit(1);
  },
);
print(
  `\nThe rehearsal of stage ${stage} is running, ready after ${Math.round(performance.now())} ms; its data is gone when it ends.`,
);
print(`\n${welcome(front.url)}\n`);
print(
  `  Its AWS      ${Object.entries(front.rehearsal.operator)
    .map((pair) => pair.join('='))
    .join(' ')}`,
);
print(`  Its table    ${front.rehearsal.tableName}\n`);

if (demo) {
  await tellStory({ baseUrl: front.url, key: seeded.key, tell: print }).then(
    () => print('\nAll of it was so.'),
    (error: unknown) => {
      console.error(`\nThe story failed. ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    },
  );
  await front.close();
} else {
  const end = () => {
    void front.close().then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
