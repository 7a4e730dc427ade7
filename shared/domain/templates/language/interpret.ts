// Runs a tree: nodes to text, every step paid for.
import { runBarcode } from './barcode.ts';
import { escapeHtml } from '../../../kernel/html.ts';
import type { Node, NodeKind, NodeOf } from './ast.ts';
import { formatMoment, strftime } from './date-format.ts';
import { holds, isTrue, operandValue, valueOf } from './evaluate.ts';
import { equal } from './compare.ts';
import { printCoupon, runCatalog, runHasCategory, runPropertyLink } from './shop-tags.ts';
import { type State, emit, emitValue, giveOrPrint, print } from './state.ts';
import { textOf } from './text.ts';
import { type Value, Safe, elementsOf, numberOf } from './values.ts';

/** Runs nodes into a text of their own. */
function captured(state: State, nodes: readonly Node[]): string {
  const { out, values } = state;
  state.out = [];
  state.values = new Map();
  run(nodes, state);
  const text = state.out.join('');
  state.out = out;
  state.values = values;
  return text;
}

function inFrame(state: State, frame: Map<string, Value>, nodes: readonly Node[]): void {
  state.frames.push(frame);
  run(nodes, state);
  state.frames.pop();
}

function runFor(node: NodeOf<'for'>, state: State): void {
  const found = elementsOf(valueOf(node.over, state));
  if (found.length === 0) return run(node.otherwise, state);
  const elements = node.reversed ? found.toReversed() : found;
  const parentloop = state.frames.findLast((frame) => frame.has('forloop'))?.get('forloop');
  const outer = state.last;
  state.last = new Map();
  for (const [i, element] of elements.entries()) {
    state.fuel.spend(1);
    const left = elements.length - i;
    const forloop = {
      counter: i + 1,
      counter0: i,
      revcounter: left,
      revcounter0: left - 1,
      first: i === 0,
      last: left === 1,
      length: elements.length,
      parentloop,
    };
    const [name = '', ...others] = node.names;
    const parts: readonly Value[] = others.length > 0 ? elementsOf(element) : [element];
    const frame = new Map<string, Value>([
      ['forloop', forloop],
      [name, parts[0]],
    ]);
    others.forEach((other, n) => frame.set(other, parts[n + 1]));
    inFrame(state, frame, node.body);
  }
  state.last = outer;
}

function runIfchanged(node: NodeOf<'ifchanged'>, state: State): void {
  const text = node.of.length === 0 ? captured(state, node.body) : undefined;
  const value = text ?? node.of.map((one) => valueOf(one, state));
  const same = state.last.has(node) && equal(state.last.get(node), value, state.fuel);
  state.last.set(node, value);
  if (same) return run(node.otherwise, state);
  if (text === undefined) run(node.body, state);
  else emit(state, text);
}

function runCycle(node: NodeOf<'cycle'>, state: State): void {
  const turn = state.turns.get(node) ?? 0;
  state.turns.set(node, turn + 1);
  const chosen = node.of[turn % node.of.length];
  const value = chosen && valueOf(chosen, state);
  if (node.as !== undefined) state.frames.at(-1)?.set(node.as, value);
  if (!node.silent) print(state, value);
}

const standardWords = {
  unsubscribe: 'Unsubscribe',
  manage_preferences: 'Manage preferences',
  web_view: 'View in browser',
} as const;

function runLink(node: NodeOf<'link'>, state: State): void {
  // The others lead out of the mailing list; every marketing email has to show one.
  if (node.purpose !== 'web_view') state.linked.add(node.purpose);
  const address = state.around.links[node.purpose];
  if (node.bare) return emitValue(state, address, false);
  const value = node.text && valueOf(node.text, state);
  const text = textOf(value ?? standardWords[node.purpose], state.fuel);
  emit(state, '<a href="');
  emitValue(state, address, true);
  emit(state, `">${value instanceof Safe ? text : escapeHtml(text)}</a>`);
}

function runWidthratio(node: NodeOf<'widthratio'>, state: State): void {
  const [value, max, width] = [node.value, node.max, node.width].map((one) => numberOf(valueOf(one, state)));
  const ratio = max === 0 ? 0 : ((value ?? NaN) / (max ?? NaN)) * (width ?? NaN);
  giveOrPrint(state, Number.isFinite(ratio) ? String(Math.round(ratio)) : '', node.as);
}

type Runners = { [Kind in NodeKind]: (node: NodeOf<Kind>, state: State) => void };

const runners: Runners = {
  text: (node, state) => emit(state, node.text),
  print: (node, state) => print(state, valueOf(node.expression, state)),
  if: (node, state) => {
    const branch = node.branches.find((one) => one.when === undefined || holds(one.when, state));
    if (branch) run(branch.body, state);
  },
  for: runFor,
  with: (node, state) => {
    const frame = new Map(node.bindings.map(([name, value]) => [name, valueOf(value, state)] as const));
    inFrame(state, frame, node.body);
  },
  autoescape: (node, state) => {
    const outer = state.escaping;
    state.escaping = node.on;
    run(node.body, state);
    state.escaping = outer;
  },
  spaceless: (node, state) => emit(state, captured(state, node.body).trim().split(/>\s+</).join('><')),
  ifchanged: runIfchanged,
  cycle: runCycle,
  firstof: (node, state) => {
    const value = node.of.map((one) => valueOf(one, state)).find((one) => isTrue(one, state.fuel));
    giveOrPrint(state, value, node.as);
  },
  widthratio: runWidthratio,
  now: (node, state) => {
    const format = textOf(operandValue(node.format, state), state.fuel);
    const show = node.by === 'django' ? formatMoment : strftime;
    const text = show(state.around.now, format);
    state.fuel.make(text.length);
    giveOrPrint(state, text, node.as);
  },
  link: runLink,
  money: (node, state) => {
    const amount = numberOf(valueOf(node.expression, state));
    print(state, amount === undefined ? '' : state.around.money(amount));
  },
  catalog: (node, state) => inFrame(state, runCatalog(node, state), node.body),
  has_category: runHasCategory,
  coupon_code: printCoupon,
  barcode: runBarcode,
  update_property_link: runPropertyLink,
  // There are no custom objects yet: nothing is there, as in a message to a person who has none.
  customobject: (node, state) => giveOrPrint(state, undefined, node.as),
  customobjects: (node, state) => inFrame(state, new Map<string, Value>([[node.as, []]]), node.body),
};

/** Runs nodes one after another; their text goes to `state.out`. */
export function run(nodes: readonly Node[], state: State): void {
  for (const node of nodes) {
    state.at = node.at;
    state.fuel.spend(1);
    const runner = runners[node.kind] as (node: Node, state: State) => void;
    runner(node, state);
  }
}
