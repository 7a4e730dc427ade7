import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';

type Handle = (request: HttpRequest) => Promise<HttpResponse>;

/** Any page of any site may call, and none may send credentials. */
const anyone = { 'access-control-allow-origin': '*' };

const preflight = {
  ...anyone,
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'accept, content-type, revision, x-klaviyo-user-agent',
  'access-control-max-age': '86400',
};

/** Answers preflight requests, and lets scripts of any origin read all other answers. */
export function withCors(handle: Handle): Handle {
  return async (request) => {
    if (request.method === 'OPTIONS') return { status: 204, headers: preflight };
    const response = await handle(request);
    return { ...response, headers: { ...response.headers, ...anyone } };
  };
}
