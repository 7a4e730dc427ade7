// What the pages' buttons do; each leads back to where it was pressed.
import type { QueueName } from '../../../shared/messages.ts';
import { refuse } from '../../../shared/kernel/errors.ts';
import { spanHint, spanOf } from '../span.ts';
import type { LocalSystem } from '../system.ts';
import { queueNames } from './work.ts';

type Form = (system: LocalSystem, fields: URLSearchParams) => Promise<void> | void;

/** By name. Refusals say what to fill in. */
export const forms: Readonly<Record<string, Form>> = {
  clock: async ({ world }, fields) => {
    const step = spanOf(fields.get('advance'));
    if (step === undefined) throw refuse('invalid', spanHint);
    await world.advance(step);
  },
  redrive: ({ world }, fields) => {
    const queue = fields.get('queue');
    if (!isQueue(queue)) throw refuse('invalid', `Name one of the queues: ${queueNames.join(', ')}.`);
    world.redrive(queue);
  },
};

const isQueue = (name: string | null): name is QueueName => queueNames.some((queue) => queue === name);

/** Where a form leads back to: a page of ours, whatever it says. */
export function backTo(fields: URLSearchParams): string {
  const back = fields.get('back') ?? '';
  return back === '/' || /^\/x\/local(?![^/?])/.test(back) ? back : '/x/local';
}
