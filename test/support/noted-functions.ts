// The functions of the system, watched.
import { functions } from '../../functions/local/functions.ts';
import type { Functions } from '../../functions/local/world.ts';
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { Ports } from '../../shared/ports.ts';

/** The same functions; `note` hears the name of each that is invoked. */
export function notedFunctions(note: (name: string) => void): Functions {
  const entries = Object.entries(functions).map(([name, create]: [string, (ports: Ports) => LambdaHandler]) => [
    name,
    (ports: Ports): LambdaHandler => {
      const handler = create(ports);
      return (event, context) => {
        note(name);
        return handler(event, context);
      };
    },
  ]);
  return Object.fromEntries(entries) as Functions;
}
