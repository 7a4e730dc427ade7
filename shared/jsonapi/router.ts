import { refuse } from '../kernel/errors.ts';
import { shown } from './query/params.ts';

/** What a router needs to know of an operation. */
interface Routed {
  method: string;
  path: string;
}

interface Node<T extends Routed> {
  fixed: Map<string, Node<T>>;
  variable?: Node<T>;
  /** By method. */
  ends: Map<string, { operation: T; names: string[] }>;
}

export interface Match<T> {
  operation: T;
  params: Record<string, string>;
}

/** What was found: an operation, or the methods that the path does have, or nothing. */
export type Route<T> = Match<T> | { allow: string[] } | undefined;

/** A trie of paths: fixed segments win over variable ones, a trailing slash is ignored. */
export function createRouter<T extends Routed>(operations: readonly T[]): (method: string, path: string) => Route<T> {
  const root = emptyNode<T>();
  for (const operation of operations) add(root, operation);
  return (method, path) => {
    const segments = path.replace(/\/$/, '').split('/').slice(1);
    const values: string[] = [];
    const node = path.startsWith('/') ? find(root, segments, 0, values) : undefined;
    if (node === undefined) return undefined;
    const end = node.ends.get(method);
    if (end === undefined) return { allow: [...node.ends.keys()].sort() };
    const params = Object.fromEntries(end.names.map((name, index) => [name, decoded(values[index] ?? '')]));
    return { operation: end.operation, params };
  };
}

function emptyNode<T extends Routed>(): Node<T> {
  return { fixed: new Map(), ends: new Map() };
}

function add<T extends Routed>(root: Node<T>, operation: T): void {
  const names: string[] = [];
  let node = root;
  for (const segment of operation.path.split('/').slice(1)) {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name !== undefined) names.push(name);
    node = name === undefined ? child(node.fixed, segment) : (node.variable ??= emptyNode());
  }
  if (node.ends.has(operation.method)) throw new Error(`Two operations answer ${operation.method} ${operation.path}.`);
  node.ends.set(operation.method, { operation, names });
}

function child<T extends Routed>(nodes: Map<string, Node<T>>, segment: string): Node<T> {
  const node = nodes.get(segment) ?? emptyNode<T>();
  nodes.set(segment, node);
  return node;
}

/** Depth-first, fixed before variable; paths have few segments and each branches at most twice. */
function find<T extends Routed>(node: Node<T>, segments: string[], at: number, values: string[]): Node<T> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.ends.size > 0 ? node : undefined;
  const fixed = node.fixed.get(segment);
  const found = fixed && find(fixed, segments, at + 1, values);
  if (found) return found;
  if (node.variable === undefined || segment === '') return undefined;
  values.push(segment);
  const through = find(node.variable, segments, at + 1, values);
  if (through === undefined) values.pop();
  return through;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse('parse_error', `The path segment '${shown(segment)}' is not valid percent-encoded UTF-8.`);
  }
}
