// What was made of long texts, held while it is in use.

/** Texts of this many characters together are held; the ones used longest ago go first. */
const heldCharacters = 4_000_000;

/** What holding costs beside the text, in characters. */
const costOf = (source: string) => source.length + 500;

/** `make`, which is asked once for each text that is in use. What it throws is not held. */
export function holding<Made>(make: (source: string) => Made): (source: string) => Made {
  const held = new Map<string, Made>();
  let characters = 0;
  return (source) => {
    const known = held.get(source);
    if (known !== undefined) {
      held.delete(source);
      held.set(source, known);
      return known;
    }
    const made = make(source);
    held.set(source, made);
    characters += costOf(source);
    for (const [oldest] of held) {
      if (characters <= heldCharacters) break;
      held.delete(oldest);
      characters -= costOf(oldest);
    }
    return made;
  };
}
