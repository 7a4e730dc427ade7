// The owner's commands over HTTP: `npx millrace` sends them here, to the local system and to the rehearsal.
import { ApiError } from '../../shared/kernel/errors.ts';
import { type Deployment, UsageError, runCommand } from '../cli/commands.ts';
import { type Answer, text } from './answers.ts';

/** `["keys", "list", …]`: runs one of the owner's commands and answers what it tells; 400 with the reason when it refuses. */
export async function answerCommand(
  deployment: Deployment,
  { body, type }: { body: string; type: string },
): Promise<Answer> {
  // Pages of other origins cannot send this type unasked.
  if (type !== 'application/json') return text(415, 'Send application/json.');
  try {
    const args: unknown = JSON.parse(body);
    if (!Array.isArray(args) || !args.every((one) => typeof one === 'string'))
      throw new UsageError('Send an array of texts.');
    return text(200, await runCommand(deployment, args));
  } catch (error) {
    if (error instanceof UsageError || error instanceof ApiError) return text(400, error.message);
    throw error;
  }
}
