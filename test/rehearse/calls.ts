// Calls of a system that is somewhere else, and what both journeys send.
export interface Place {
  baseUrl: string;
  key: string;
}

interface Shown {
  id: string;
  attributes: Record<string, unknown>;
}

export const one = (document: unknown) => (document as { data: Shown }).data;

/** Calls that throw on everything but a 2xx; `get` answers the resources of a list. */
export function callsOf({ baseUrl, key }: Place) {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        revision: '2026-07-15',
        ...(!path.startsWith('/client/') && { authorization: `Klaviyo-API-Key ${key}` }),
        ...(body && { 'content-type': 'application/vnd.api+json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  return { call, get: async (path: string) => ((await call('GET', path)) as { data: Shown[] }).data };
}

export type Call = ReturnType<typeof callsOf>['call'];
export type Get = ReturnType<typeof callsOf>['get'];

export const eventOf = (profile: object, properties: object, unique_id: string) => ({
  data: {
    type: 'event',
    attributes: {
      unique_id,
      properties,
      metric: { data: { type: 'metric', attributes: { name: 'Placed Order' } } },
      profile: { data: { type: 'profile', attributes: profile } },
    },
  },
});
