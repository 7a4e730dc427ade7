/** An object with keys of the caller's choosing. */
export type Bag = Readonly<Record<string, unknown>>;

export interface BagLimits {
  /** Levels of objects and arrays, the bag itself being the first. Default 10. */
  maxDepth?: number;
  /** Keys of the bag itself. Default no limit. */
  maxKeys?: number;
  /** Entries of any array inside. Default no limit. */
  maxItems?: number;
  /** Bytes in UTF-8 of any string inside, and of any key. Default no limit. */
  maxString?: number;
  /** Bytes of the bag as JSON in UTF-8. Default no limit. */
  maxBytes?: number;
}

interface BagFault {
  path: string[];
  message: string;
}

/** What is wrong with a value that should be a bag: at most one fault, with the path to it inside the bag. */
export function faultsOfBag(value: unknown, limits: BagLimits): BagFault[] {
  if (!isPlainObject(value)) return [{ path: [], message: 'must be an object' }];
  const keys = Object.keys(value).length;
  if (limits.maxKeys !== undefined && keys > limits.maxKeys)
    return [{ path: [], message: `has ${keys} keys, at most ${limits.maxKeys} fit` }];
  const inside = faultInside(value, limits, []);
  if (inside) return [inside];
  if (limits.maxBytes === undefined) return [];
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return bytes > limits.maxBytes
    ? [{ path: [], message: `has ${bytes} bytes of JSON, at most ${limits.maxBytes} fit` }]
    : [];
}

/** An object that is neither null nor an array. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks with one path that grows and shrinks: bags are checked for every event, most have no fault. */
function faultInside(value: unknown, limits: BagLimits, path: string[]): BagFault | undefined {
  const message = faultOf(value, limits, path.length);
  if (message !== undefined) return { path: [...path], message };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    path.push(key);
    const fault = faultInside(inner, limits, path);
    if (fault) return fault;
    path.pop();
  }
  return undefined;
}

function faultOf(value: unknown, limits: BagLimits, depth: number): string | undefined {
  const { maxDepth = 10, maxString = Infinity, maxItems = Infinity } = limits;
  if (typeof value === 'string' && isLonger(value, maxString))
    return `has ${Buffer.byteLength(value)} bytes, at most ${maxString} fit`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= maxDepth) return `is nested more than ${maxDepth} levels deep`;
  if (Array.isArray(value))
    return value.length > maxItems ? `has ${value.length} entries, at most ${maxItems} fit` : undefined;
  return Object.keys(value).some((key) => isLonger(key, maxString))
    ? `has a key of more than ${maxString} bytes`
    : undefined;
}

/** No UTF-16 unit takes more than three bytes: most texts need not be measured. */
const isLonger = (text: string, bytes: number): boolean => text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
