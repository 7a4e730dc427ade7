import { defects } from './defects.ts';
import { runSeed } from './run.ts';
const { plant } = defects.find(({ name }) => name.includes('check nothing beside'))!;
for (let seed = 1; seed <= 40; seed += 1) {
  const { broken } = await runSeed(seed, 100, { plant });
  if (broken.length === 0) continue;
  const clean = seed < 8 ? (await runSeed(seed, 100)).broken : [];
  console.log(seed, broken.map((b) => b.slice(0, 120)), clean.map((b) => b.slice(0, 120)), process.cpuUsage().user / 1e6);
  if (seed > 25) break;
}
