// The system in one process, as start.mjs starts it: options, address, end.
import { parseArgs } from 'node:util';
import { FolderRefused } from './lock.ts';
import { listen } from './server.ts';
import { createSystem, welcome } from './system.ts';

const usage = `npm start -- [--port 3000] [--data DIR] [--quiet] [--chaos SEED]
  --port   where to listen (127.0.0.1 only); 0 takes a free port
  --data   a folder that keeps the data between runs; without it all data is gone at the end
  --quiet  no log lines, only the addresses
  --chaos  crashes, lost answers, duplicates and other faults at random, from this seed (docs/faults.md)`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        quiet: { type: 'boolean' },
        chaos: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      console.log(usage);
      return process.exit(0);
    }
    const port = wholeNumber('--port', values.port ?? '3000', 65_535);
    const chaos = values.chaos === undefined ? undefined : wholeNumber('--chaos', values.chaos, 2 ** 32 - 1);
    return { port, data: values.data, quiet: values.quiet ?? false, chaos };
  } catch (error) {
    console.error([error instanceof Error ? error.message : '', usage].filter(Boolean).join('\n\n'));
    return process.exit(2);
  }
}

function wholeNumber(name: string, given: string, largest: number): number {
  if (/^\d+$/.test(given) && Number(given) <= largest) return Number(given);
  throw new Error(`${name} takes a whole number from 0 to ${largest}, not '${given}'.`);
}

/** What to do about it where we know; anything else shows where it came from. */
function explained(error: unknown): unknown {
  if (error instanceof FolderRefused) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken; try: npm start -- --port ${port < 65_535 ? port + 1 : 0}`;
  if (code === 'EACCES') return `Port ${port} is not yours to listen on; try: npm start -- --port 3000`;
  return error;
}

const { port, data, quiet, chaos } = options();
const server = await listen(port, (publicUrl) =>
  createSystem({
    publicUrl,
    real: true,
    ...(data !== undefined && { data }),
    ...(chaos !== undefined && { chaos }),
    ...(!quiet && {
      log: (line) => {
        console.log(line);
      },
    }),
  }),
).catch((error: unknown) => {
  console.error(explained(error));
  return process.exit(1);
});

// Once: whoever presses Ctrl-C again does not want to wait for the end of the work under way.
const end = () => {
  void server.close().then(() => process.exit(0));
};
process.once('SIGINT', end);
process.once('SIGTERM', end);

console.log(
  `\nMillrace is running${data === undefined ? '; its data is gone when it ends' : `, data in ${data}`}.\n\n${welcome(server.url)}\n`,
);
if (chaos !== undefined) {
  console.log(
    `Chaos from seed ${chaos}: things go wrong at random; a 5xx is one of them, send again. ${server.url}/x/local/faults counts.\n`,
  );
}
