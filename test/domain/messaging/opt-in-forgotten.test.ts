// Whoever is forgotten while they are being asked, or comes back: what waits for a confirmation goes by when it was asked for.
import { describe, expect, it } from 'vitest';
import { awaitConfirmation, confirmOptIn } from '../../../shared/domain/consent/opt-in.ts';
import { Forgotten, erase, forgetNamed } from '../../../shared/domain/identity/index.ts';
import { hour, minute, second, sortable } from '../../../shared/kernel/time.ts';
import type { Ports } from '../../../shared/ports.ts';
import { known } from '../../../shared/storage/patterns.ts';
import { interrupted } from './interrupted.ts';
import { account, setting } from './setting.ts';

const address = 'new@people.example';
const person = { email: address, words: [{ kind: 'email' as const }] };
const question = { address, list: undefined, person, words: person.words, customSource: null, byVisitor: false };

async function prepared() {
  const made = await setting();
  const { ports, store, clock } = made;
  const forget = () => forgetNamed(ports, account, { kind: 'email', value: address });
  const eraseAll = async () => {
    for (const item of store.dump().map(known)) if (item.kind === 'erased') await erase(ports, account, item.profile);
  };
  const ask = (told: number, through: Ports = ports) => awaitConfirmation(through, account, { ...question, told });
  const waiting = () =>
    store
      .dump()
      .flatMap((item) => known(item))
      .filter((item) => item.kind === 'opt-in');
  const confirm = () =>
    confirmOptIn(ports, account, { address, list: '', requested: waiting()[0]?.requested ?? sortable(clock.now()) });
  /** The ports of a host whose clock is off. */
  const off = (by: number): Ports => ({ ...ports, clock: { now: () => clock.now() + by } });
  return { ...made, forget, eraseAll, ask, waiting, confirm, off };
}

describe('what waits for a confirmation', () => {
  it('is not there when the person is forgotten meanwhile, at whatever moment (seed 1181 of 500 operations)', async () => {
    const ends: string[] = [];
    for (let call = 0, calls = 1; call < calls; call += 1) {
      const { ports, clock, forget, eraseAll, ask, waiting } = await prepared();
      const told = clock.now();
      clock.advance(second);
      const watched = interrupted(ports, call, async () => {
        // Asked for before, worked off after the deletion.
        clock.advance(second);
        await forget();
        await eraseAll();
      });
      const end = await ask(told, watched.ports).then(
        () => 'asked',
        (error: unknown) => (error instanceof Forgotten ? 'forgotten' : String(error)),
      );
      calls = watched.calls();
      ends.push(end);
      expect(waiting(), `call ${call}`).toEqual([]);
    }
    expect(new Set(ends)).toEqual(new Set(['forgotten']));
  });

  it('is asked for anew by whoever comes back before everything of before is erased', async () => {
    const { clock, forget, eraseAll, ask, waiting, confirm } = await prepared();
    await ask(clock.now());
    clock.advance(minute);
    await forget();
    clock.advance(minute);
    await ask(clock.now());
    await eraseAll();
    expect(waiting()).toMatchObject([{ status: 'QUEUED', told: sortable(clock.now()) }]);
    expect(await confirm()).toBe(true);
  });

  it('stays when it is asked for anew while what was before is being erased, at whatever moment', async () => {
    for (let call = 0, calls = 1; call < calls; call += 1) {
      const { ports, store, clock, forget, ask, waiting } = await prepared();
      await ask(clock.now());
      clock.advance(minute);
      await forget();
      clock.advance(minute);
      const watched = interrupted(ports, call, () => ask(clock.now()));
      for (const item of store.dump().map(known))
        if (item.kind === 'erased') await erase(watched.ports, account, item.profile);
      calls = watched.calls();
      expect(waiting(), `call ${call}`).toMatchObject([{ told: sortable(clock.now()) }]);
    }
  });

  it('does not bring back who was forgotten after it was asked for, although the host that wrote it was ahead', async () => {
    const { clock, forget, eraseAll, ask, waiting, confirm, off } = await prepared();
    await ask(clock.now(), off(hour));
    clock.advance(minute);
    await forget();
    expect(await confirm()).toBe(false);
    await eraseAll();
    expect(waiting()).toEqual([]);
  });

  it('confirms what was asked for after the person was forgotten, although the host that wrote it was behind (seed 111)', async () => {
    const { clock, forget, ask, confirm, off } = await prepared();
    await forget();
    clock.advance(second);
    await ask(clock.now(), off(-minute));
    expect(await confirm()).toBe(true);
  });
});
