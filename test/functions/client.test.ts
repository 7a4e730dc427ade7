import { describe, expect, it } from 'vitest';
import { withCors } from '../../functions/client/cors.ts';

const request = { path: '/client/events', query: '', headers: {} };
const handle = withCors(() => Promise.resolve({ status: 400, headers: { 'content-type': 'x' }, body: '{}' }));

describe('the client function', () => {
  it('answers preflight requests of any page by itself', async () => {
    const { status, headers, body } = await handle({ ...request, method: 'OPTIONS' });
    expect([status, body]).toEqual([204, undefined]);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': expect.stringContaining('POST') as unknown,
      'access-control-allow-headers': expect.stringContaining('revision') as unknown,
    });
  });

  it('lets pages read every answer, refusals too', async () => {
    const { status, headers, body } = await handle({ ...request, method: 'POST' });
    expect([status, body]).toEqual([400, '{}']);
    expect(headers).toEqual({ 'content-type': 'x', 'access-control-allow-origin': '*' });
  });
});
