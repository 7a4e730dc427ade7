// The tags about the catalog, coupons and the person's properties (behaviour 8.2).
import type { NodeOf } from './ast.ts';
import { valueOf } from './evaluate.ts';
import { type State, emit, lookUp, print } from './state.ts';
import { textOf } from './text.ts';
import { type Value, elementsOf, member, numberOf } from './values.ts';

/** What the block of a `catalog` tag can name: `catalog_item`, which is empty where there is none. */
export function runCatalog({ id, unpublished }: NodeOf<'catalog'>, state: State): Map<string, Value> {
  const asked = textOf(valueOf(id, state), state.fuel);
  const wish = unpublished && textOf(valueOf(unpublished, state), state.fuel);
  const item = lookUp(state, { kind: 'catalog', id: asked, onlyPublished: wish === 'cancel' });
  return new Map([['catalog_item', item]]);
}

/** Whether a category of the item has the text in its name, in whatever case. */
export function runHasCategory({ item, category, as }: NodeOf<'has_category'>, state: State): void {
  const wanted = textOf(valueOf(category, state), state.fuel).toLowerCase();
  const names = elementsOf(member(valueOf(item, state), 'categories'));
  const has = names.some((name) => {
    state.fuel.spend(1);
    return textOf(name, state.fuel).toLowerCase().includes(wanted);
  });
  state.frames.at(-1)?.set(as, has);
}

/** What stands for a code where none is given: in previews. */
const sampleCode = 'SAMPLE-CODE';

/** The recipient's code; with `cut`, no more than its first characters. */
export function printCoupon({ coupon, cut }: NodeOf<'coupon_code'>, state: State): void {
  const name = textOf(valueOf(coupon, state), state.fuel);
  const code = textOf(lookUp(state, { kind: 'coupon', coupon: name }) ?? sampleCode, state.fuel);
  const length = cut && numberOf(valueOf(cut, state));
  print(state, length === undefined ? code : code.slice(0, Math.max(0, length)));
}

/** The address that writes the property and leads on. It is signed for messages; elsewhere it is the target itself. */
export function runPropertyLink({ property, value, target }: NodeOf<'update_property_link'>, state: State): void {
  const text = (of: NodeOf<'update_property_link'>['target']) => textOf(valueOf(of, state), state.fuel);
  const address = state.around.propertyLink(text(property), text(value), text(target));
  if (address === undefined) print(state, text(target));
  else emit(state, address);
}
