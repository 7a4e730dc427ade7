// The tree of a template. `at` is the offset in the source, for messages.
import type { Filter } from './filters/filter.ts';
import type { Value } from './values.ts';

export type Operand =
  | { kind: 'literal'; value: Value }
  | { kind: 'path'; steps: readonly string[] }
  | { kind: 'list'; elements: readonly Operand[] };

export interface AppliedFilter {
  filter: Filter;
  argument?: Operand;
}

/** `operand|filter|filter:argument`. */
export interface Expression {
  at: number;
  operand: Operand;
  filters: readonly AppliedFilter[];
}

export type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in' | 'is' | 'is not';

/** `a < b`, or one value's truth; `negated` by an odd number of nots. */
export interface Test {
  negated: boolean;
  first: Expression;
  rest: readonly { comparison: Comparison; with: Expression }[];
}

/** Or of ands of tests: lists, so that long conditions make no deep trees. */
export type Condition = readonly (readonly Test[])[];

export type LinkPurpose = 'unsubscribe' | 'manage_preferences' | 'web_view';

interface Kinds {
  text: { text: string };
  print: { expression: Expression };
  if: { branches: readonly { when?: Condition; body: readonly Node[] }[] };
  for: {
    names: readonly string[];
    over: Expression;
    reversed: boolean;
    body: readonly Node[];
    otherwise: readonly Node[];
  };
  with: { bindings: readonly (readonly [string, Expression])[]; body: readonly Node[] };
  autoescape: { on: boolean; body: readonly Node[] };
  spaceless: { body: readonly Node[] };
  ifchanged: { of: readonly Expression[]; body: readonly Node[]; otherwise: readonly Node[] };
  cycle: { of: readonly Expression[]; as?: string; silent: boolean };
  firstof: { of: readonly Expression[]; as?: string };
  widthratio: { value: Expression; max: Expression; width: Expression; as?: string };
  /** A date of the account's present: by Django's letters, or by strftime's. */
  now: { format: Operand; by: 'django' | 'strftime'; as?: string };
  link: { purpose: LinkPurpose; text?: Expression; bare: boolean };
  money: { expression: Expression };
  catalog: { id: Expression; unpublished?: Expression; body: readonly Node[] };
  has_category: { item: Expression; category: Expression; as: string };
  coupon_code: { coupon: Expression; cut?: Expression };
  barcode: { value: Expression; width?: Expression; height?: Expression };
  update_property_link: { property: Expression; value: Expression; target: Expression };
  customobject: { as: string };
  customobjects: { as: string; body: readonly Node[] };
}

export type Node = { [Kind in keyof Kinds]: { kind: Kind; at: number } & Kinds[Kind] }[keyof Kinds];
export type NodeKind = keyof Kinds;
export type NodeOf<Kind extends NodeKind> = Extract<Node, { kind: Kind }>;
