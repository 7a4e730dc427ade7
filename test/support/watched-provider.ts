// The system as npm start runs it (address, folder of data), whose provider of email writes down what it takes, a line of
// JSON each: what was handed over is known whatever becomes of this process. Arguments: port, folder, where to write.
import { appendFileSync } from 'node:fs';
import { listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';

const [port = '', data = '', ledger = ''] = process.argv.slice(2);

const { url, close } = await listen(Number(port), async (publicUrl) => {
  const system = await createSystem({ publicUrl, real: true, data });
  const { mail } = system.world.ports;
  const send = mail.send.bind(mail);
  mail.send = (email) => {
    const { tags, to, html } = email;
    appendFileSync(ledger, `${JSON.stringify({ message: tags['message'], to, html })}\n`);
    return send(email);
  };
  return system;
});
process.once('SIGTERM', () => void close().then(() => process.exit(0)));
console.log(`Listening at ${url}`);
