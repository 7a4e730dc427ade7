// npm run zoo: every planted defect must be found within so many seeds, but those that are known not to be. WRITE=1 records what it took.
import { defects } from './defects.ts';
import { shared } from './processes.ts';
import { record } from './recorded.ts';
import { runSeed } from './run.ts';

/** As many turns as a seed of CI has, and far fewer seeds. */
const [turns, most] = [100, 40];

export interface Found {
  name: string;
  /** Seeds until it was found; undefined when it never was. */
  seeds?: number;
  /** The first line of what broke. */
  by?: string;
}

async function hunt({ name, plant }: (typeof defects)[number]): Promise<Found> {
  for (let seed = 1; seed <= most; seed += 1) {
    const { broken } = await runSeed(seed, turns, { plant });
    if (broken[0] !== undefined) return { name, seeds: seed, by: broken[0].split('\n')[0]?.slice(0, 60) ?? '' };
  }
  return { name };
}

await shared<Found>({
  script: import.meta.filename,
  work: async (share, tell) => {
    for (const [at, defect] of defects.entries()) if (share.isMine(at)) tell(await hunt(defect));
  },
  done(all, seconds) {
    const found = defects.flatMap(({ name }) => all.find((one) => one.name === name) ?? []);
    for (const { name, seeds, by } of found) console.log(`${seeds ?? 'never'}\t${name}\t${by ?? ''}`);
    const caught = found.filter(({ seeds }) => seeds !== undefined).length;
    console.log(`${caught} of ${defects.length} planted defects found, ${seconds.toFixed(1)} s`);
    record('zoo', { turns, most, found });
    const missed = (name: string) => found.every((one) => one.name !== name || one.seeds === undefined);
    if (defects.some(({ name, blind = false }) => !blind && missed(name))) process.exitCode = 1;
  },
});
