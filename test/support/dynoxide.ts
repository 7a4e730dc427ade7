// The strict reference for the store: a DynamoDB-compatible server, when its optional package is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableInput } from './table-input.ts';

export interface Dynoxide {
  client: DynamoDBClient;
  tableName: string;
  stop: () => Promise<void>;
}

/** Why the server cannot be used here; undefined when it can. */
export function whyNoDynoxide(): string | undefined {
  if (process.env['DYNAMODB_ENDPOINT']) return 'DYNAMODB_ENDPOINT names another database';
  return binary() === undefined ? 'the optional package @dynoxide/linux-x64 is not installed' : undefined;
}

/** Starts a server that keeps everything in memory, on a free port, with the table in it. */
export async function startDynoxide(tableName = 'millrace'): Promise<Dynoxide> {
  const port = await freePort();
  const server = spawn(binary() ?? '', ['--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  // Its first words are that it listens.
  await once(server.stderr, 'data');
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateTableCommand(createTableInput(tableName)));
  return {
    client,
    tableName,
    async stop() {
      client.destroy();
      server.kill();
      await once(server, 'exit');
    },
  };
}

function binary(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
