// What the services of AWS have in common on the wire.
import type { Act } from './iam.ts';

/** A call of the SDK as it arrives. */
export interface AwsRequest {
  method: string;
  /** Percent-encoded, with the query. */
  target: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** What is behind the dot of `x-amz-target`; empty for services that speak REST. */
  operation: string;
}

export interface AwsAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
}

/** A service of AWS, or its stand-in. */
export interface Service {
  /** What a call does, for IAM. */
  acts: (request: AwsRequest) => readonly Act[];
  /** Answers a call that is allowed; `demand` checks what only the answer shows to be needed. */
  answer: (request: AwsRequest, demand: (acts: readonly Act[]) => void) => AwsAnswer | Promise<AwsAnswer>;
  /** Errors are told in XML: as S3 does, or as the services of the older query protocol (SNS). */
  xml?: 's3' | 'query';
}

/** A refusal in AWS's words; `code` is the name of the error that the SDK throws. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/** A JSON answer. */
export const json = (value: unknown, status = 200): AwsAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(value),
});

/** An error where each protocol looks for it. */
export function refusal({ code, message, status }: AwsError, { xml }: Pick<Service, 'xml'>): AwsAnswer {
  if (xml) {
    const told = `<Code>${code}</Code><Message>${message}</Message></Error>`;
    const fault = `<Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>`;
    const error = xml === 's3' ? `<Error>${told}` : `<ErrorResponse><Error>${fault}${told}</ErrorResponse>`;
    const body = `<?xml version="1.0" encoding="UTF-8"?>${error}`;
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }
  const answer = json({ __type: code, message, Message: message }, status);
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
}

/** The JSON body of a call. */
export const bodyOf = ({ body }: AwsRequest): unknown => JSON.parse(body.toString('utf8') || '{}');

/** Says that a stand-in does not know an operation. */
export const unknownOperation = (service: string, operation: string) =>
  new AwsError('UnknownOperationException', `The rehearsal's ${service} does not know ${operation}.`);
