// Template texts to output: parsed once, held while they are in use.
import type { Instant } from '../../../kernel/time.ts';
import type { LinkPurpose, Node } from './ast.ts';
import { failAt } from './failure.ts';
import { type Limits, Exhausted, fuelTank, standardLimits } from './fuel.ts';
import { holding } from './held.ts';
import { run } from './interpret.ts';
import { parse } from './parse.ts';
import { type State, type Surroundings, lookUp } from './state.ts';
import { Shelf } from './values.ts';

export interface RenderOptions extends Surroundings {
  /** Off for texts that are no HTML: subjects, plain text parts. Default on. */
  escaping?: boolean;
  limits?: Limits;
  /** The clock that the time limit is measured with. */
  clock: () => Instant;
}

export interface Rendered {
  text: string;
  /** What the text is made of, in order; `values`: which of them are values, by number, as they were before escaping. */
  pieces: readonly string[];
  values: ReadonlyMap<number, string>;
  /** The links that the template printed. */
  linked: ReadonlySet<LinkPurpose>;
}

const parsed: (source: string) => readonly Node[] = holding(parse);

/**
 * Renders a template text (`prepareFor` it first) with the names of `context`. Throws TemplateError, and nothing else, for
 * texts that cannot be read and for work beyond the limits.
 */
export function renderText(
  source: string,
  context: Readonly<Record<string, unknown>>,
  options: RenderOptions,
): Rendered {
  const nodes = parsed(source);
  const state: State = {
    context,
    frames: [new Map<string, unknown>()],
    fuel: fuelTank(options.limits ?? standardLimits, options.clock),
    around: options,
    escaping: options.escaping ?? true,
    out: [],
    values: new Map(),
    at: 0,
    turns: new Map(),
    last: new Map(),
    linked: new Set(),
  };
  if (!Object.hasOwn(context, 'feeds')) {
    state.frames[0]?.set('feeds', new Shelf((feed) => lookUp(state, { kind: 'feed', feed })));
  }
  try {
    run(nodes, state);
  } catch (error) {
    if (error instanceof Exhausted) throw failAt(source, state.at, error.message);
    throw error;
  }
  return { text: state.out.join(''), pieces: state.out, values: state.values, linked: state.linked };
}
