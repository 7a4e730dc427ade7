import { Readable } from 'node:stream';

/** A request as the SDK sends it over HTTP. */
export interface SdkRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
}

/** What a service answers: a status and a JSON body; an error's `type` goes where the protocols look for it. */
export interface SdkAnswer {
  status: number;
  type?: string;
  body?: unknown;
}

/** Client options with which an SDK client talks to `answer` instead of AWS. An answer that throws is a lost one. */
export function standIn(answer: (request: SdkRequest, body: Record<string, unknown>) => SdkAnswer) {
  return {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      async handle(request: SdkRequest) {
        const { status, type, body } = answer(request, JSON.parse(textOf(request.body)) as Record<string, unknown>);
        const text = JSON.stringify({ ...(type !== undefined && { __type: type, message: type }), ...Object(body) });
        const headers: Record<string, string> = { 'content-type': 'application/json' };
        if (type !== undefined) headers['x-amzn-errortype'] = type;
        return { response: { statusCode: status, headers, body: Readable.from([Buffer.from(text)]) } };
      },
    },
  };
}

/** The SDK gives bodies as texts or as bytes. */
function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : typeof body === 'string' ? body : '{}';
}
