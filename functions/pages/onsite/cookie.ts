// Who this browser is, in the cookie that plug-ins of shops read: base64 of a JSON text.
import { type Bag, isBag } from './memory.ts';

const name = '__kla_id';
const twoYears = 2 * 365 * 24 * 60 * 60;

/** What the cookie says: the browser's own id and, once it is known, one name of the person. */
interface Visitor {
  cid: string;
  $exchange_id?: string;
  $email?: string;
  $phone_number?: string;
}

/** The visitor as the cookie has it; a first visit gets one. */
export function visit(): Visitor {
  const known = read();
  const { cid, $exchange_id, $email, $phone_number } = known;
  if (typeof cid !== 'string') {
    const visitor = { cid: randomId() };
    write(visitor);
    return visitor;
  }
  return {
    cid,
    ...(typeof $exchange_id === 'string' && { $exchange_id }),
    ...(typeof $email === 'string' && { $email }),
    ...(typeof $phone_number === 'string' && { $phone_number }),
  };
}

/** How calls name the person, as attributes of a profile; undefined while nobody is known. */
export function personName(): Bag | undefined {
  const { $exchange_id, $email, $phone_number } = visit();
  if ($exchange_id !== undefined) return { _kx: $exchange_id };
  if ($email !== undefined) return { email: $email };
  return $phone_number === undefined ? undefined : { phone_number: $phone_number };
}

/** Names the person by the strongest that is told, in the place of any other name; by nothing: forgets the person. */
export function remember({ email, phone_number, _kx }: Bag): void {
  const { cid } = visit();
  if (typeof email === 'string') write({ cid, $email: email });
  else if (typeof phone_number === 'string') write({ cid, $phone_number: phone_number });
  else write({ cid, ...(typeof _kx === 'string' && { $exchange_id: _kx }) });
}

/** 128 random bits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function read(): Bag {
  try {
    const text = new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1] ?? '';
    const value: unknown = JSON.parse(atob(decodeURIComponent(text)));
    return isBag(value) ? value : {};
  } catch {
    return {};
  }
}

function write(visitor: Visitor): void {
  // Base64 holds bytes: what is not ASCII is escaped.
  const text = JSON.stringify(visitor).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${btoa(text)}; path=/; max-age=${twoYears}; samesite=lax${secure}`;
}
