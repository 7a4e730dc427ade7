import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { gatewayHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { answer } from './answer.ts';
import { answerScript } from './script.ts';

/** Pages that people reach from messages, and the script that sites load; `script` answers its text. */
export function create(ports: Ports, script: () => Promise<string>): LambdaHandler {
  return gatewayHandler(
    ports,
    (timed) => (request) =>
      request.path.startsWith('/onsite/') ? answerScript(timed, request, script) : answer(timed, request),
  );
}
