// The one place that reads the environment of a function.
import { type EnvName, environmentOf } from '../../env.ts';
import type { Grant } from '../../topology.ts';

/** The value of a variable that the function's grants promise. */
export type Environment = (name: EnvName) => string;

/** Reads the variables that belong to the grants. Throws, naming them, when some are not set: a cold start fails early. */
export function readEnvironment(
  grants: readonly Grant[],
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const promised = environmentOf(grants);
  const missing = promised.filter((name) => !variables[name]);
  if (missing.length > 0) throw new Error(`The environment lacks ${missing.join(', ')}.`);
  return (name) => {
    const value = variables[name];
    if (value === undefined || !promised.includes(name)) throw new Error(`No grant of this function brings ${name}.`);
    return value;
  };
}
