import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import type { Ports } from '../../shared/ports.ts';
import { answer } from './answer.ts';

/** Pages that people reach from messages. */
export function create(ports: Ports): LambdaHandler {
  return httpHandler(ports, (request) => answer(ports, request));
}
