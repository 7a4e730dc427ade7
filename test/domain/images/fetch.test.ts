import { describe, expect, it } from 'vitest';
import { imageOperations } from '../../../shared/domain/images/index.ts';
import { type HttpReply, HttpRefused } from '../../../shared/ports.ts';
import { pixel } from '../../api/image-specimens.ts';
import { setting } from '../setting.ts';

const url = 'https://shop.example/pictures/dot.gif?v=1';
const body = { data: { type: 'image', attributes: { import_from_url: url } } };

async function importing(reply: () => HttpReply | undefined) {
  const s = await setting(imageOperations);
  s.http.answer(url, reply);
  const answer = await s.call('POST', '/api/images', body);
  return { ...s, answer };
}

describe('an image behind an address', () => {
  it('is fetched once, guarded, and called by its file', async () => {
    const reply = { status: 200, headers: { 'content-type': 'text/html' }, body: pixel };
    const { answer, http } = await importing(() => reply);
    expect(answer.one.attributes).toMatchObject({ name: 'dot.gif', format: 'gif', size: pixel.length });
    expect(http.calls).toMatchObject([{ method: 'GET', url, largest: 4_500_000, redirects: 3 }]);
  });

  const refused = () => {
    throw new HttpRefused('The address is not public.');
  };
  it.each([
    ['that may not be called', refused, 'not public'],
    ['where nobody answers', () => undefined, 'did not answer'],
    ['where it is not', () => ({ status: 404, headers: {}, body: pixel }), 'answered 404'],
    ['that holds a page', () => ({ status: 200, headers: {}, body: Buffer.from('<svg>') }), 'this is none'],
  ])('%s is refused', async (_, reply, detail) => {
    const { answer, store, files } = await importing(reply);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]).toMatchObject({ source: { pointer: '/data/attributes/import_from_url' } });
    expect(answer.errors[0]?.detail).toContain(detail);
    expect(store.dump().some(({ kind }) => kind === 'image')).toBe(false);
    expect(files.entries.size).toBe(0);
  });
});
