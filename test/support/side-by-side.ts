// Runs npm scripts side by side, each of which tells when it ends: `node test/support/side-by-side.ts check:types …`.
import { startProgram } from './child.ts';

const codes = await Promise.all(
  process.argv.slice(2).map(async (script) => {
    const { code, out, err } = await startProgram('npm', ['run', '--silent', script]).ended;
    process.stdout.write(`${code === 0 ? '✔' : '✘'} ${script}\n${code === 0 ? '' : out + err}`);
    return code;
  }),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
