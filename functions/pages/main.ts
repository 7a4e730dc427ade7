import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { answer } from './answer.ts';
import { answerScript } from './script.ts';

/** Pages that people reach from messages, and the script that sites load; `script` answers its text. */
export function create(ports: Ports, script: () => Promise<string>): LambdaHandler {
  return httpHandler(ports, (request) =>
    request.path.startsWith('/onsite/') ? answerScript(ports, request, script) : answer(ports, request),
  );
}
