import { describe, expect, it } from 'vitest';
import {
  HandoverPostponed,
  HandoverRefused,
  type Push,
  type PushDevice,
  type PushMessage,
} from '../../shared/ports.ts';

/** What one device got. */
export interface Pushed {
  token: string;
  title: string;
  body: string;
  data: Readonly<Record<string, string>>;
}

/** A push port with a way to see what it sent, and to make the provider fail. */
export interface PushUnderTest {
  push: Push;
  pushed: () => Promise<Pushed[]>;
  /** From now on the provider says of this token that it is dead. */
  kill: (token: string) => void;
  /** From now on the provider is too busy for this token. */
  postpone: (token: string) => void;
}

const device = (token: string, platform: PushDevice['platform'] = 'ios'): PushDevice => ({
  ...{ token, platform, application: `arn:aws:sns:us-east-1:1:app/${platform}` },
});
const message = (...devices: PushDevice[]): PushMessage => ({
  ...{ devices, title: 'Hi "you"', body: 'Grüße 😀', data: { link: 'shop://1' } },
  tags: { account: 'a1', profile: 'p1', message: 'm1' },
});

/** What every push adapter must do. `make` gives an empty one. */
export function describePush(name: string, make: () => Promise<PushUnderTest>): void {
  describe(`the push port on ${name}`, () => {
    it('hands a message to every device, in the words of its platform', async () => {
      const { push, pushed } = await make();
      const { id, gone } = await push.send(message(device('one'), device('two', 'android')));
      expect(id).not.toBe('');
      expect(gone).toEqual([]);
      const said = { title: 'Hi "you"', body: 'Grüße 😀', data: { link: 'shop://1' } };
      expect((await pushed()).toSorted((a, b) => (a.token < b.token ? -1 : 1))).toMatchObject([
        { token: 'one', ...said },
        { token: 'two', ...said },
      ]);
    });

    it('tells which tokens are dead, whether or not another device took the message', async () => {
      const { push, pushed, kill } = await make();
      kill('dead');
      expect(await push.send(message(device('dead'), device('alive')))).toMatchObject({ gone: ['dead'] });
      expect((await pushed()).map(({ token }) => token)).toEqual(['alive']);
      const failure: unknown = await push.send(message(device('dead'))).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(HandoverRefused);
      expect((failure as HandoverRefused).gone).toEqual(['dead']);
    });

    it('says when the provider has no room and nothing left', async () => {
      const { push, pushed, postpone } = await make();
      postpone('busy');
      await expect(push.send(message(device('busy')))).rejects.toBeInstanceOf(HandoverPostponed);
      expect(await pushed()).toEqual([]);
    });
  });
}
