import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { dataUri, imageFrom, pixel } from './image-specimens.ts';
import { expectRefused } from './refusals.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const upload = (parts: Record<string, string | Blob>, name = 'pixel.gif') => {
  const body = new FormData();
  for (const [key, value] of Object.entries(parts)) {
    if (typeof value === 'string') body.set(key, value);
    else body.set(key, value, name);
  }
  return fetch(`${stage.url}/api/image-upload`, {
    method: 'POST',
    headers: { authorization: `Klaviyo-API-Key ${stage.key}`, revision: '2026-07-15' },
    body,
  });
};
const gif = (bytes: Uint8Array = pixel) => new Blob([new Uint8Array(bytes)], { type: 'image/gif' });
/** An image as the page function hands it out. */
const shown = (url: unknown) => fetch(String(url).replace(/^https?:\/\/[^/]+/, stage.url));

describe('images', () => {
  it('are uploaded, read, renamed and listed by the SDK', async () => {
    const { images } = stage.sdk;
    const attributes = { name: 'Pixel', importFromUrl: dataUri, hidden: false };
    const { body, response } = await images.uploadImageFromUrl({ data: { type: 'image', attributes } });
    expect(response.status).toBe(201);
    const { id } = body.data;
    expect(body.data.attributes).toMatchObject({ name: 'Pixel', format: 'gif', size: pixel.length, hidden: false });
    const path = join(tmpdir(), `pixel-${process.pid}.gif`);
    await writeFile(path, pixel);
    const file = await images.uploadImageFromFile(createReadStream(path), 'From a file', true);
    expect(file.body.data.attributes).toMatchObject({ name: 'From a file', size: pixel.length, hidden: true });
    const changed = await images.updateImage(id, {
      data: { type: 'image', id, attributes: { name: 'Dot', hidden: true } },
    });
    expect(changed.body.data.attributes).toMatchObject({ name: 'Dot', hidden: true, format: 'gif' });
    expect((await images.getImage(id)).body.data.attributes.name).toBe('Dot');
    const listed = await images.getImages({ filter: 'contains(name,"ot")', sort: '-size' });
    expect(listed.body.data.map((one) => one.id)).toEqual([id]);
    expect((await images.getImages({ filter: 'greater-than(size,1000)' })).body.data).toEqual([]);
    expect((await images.getImages({ filter: 'equals(hidden,true)' })).body.data).toHaveLength(2);
    expect(await refusalOf(images.getImage('nothing'))).toMatchObject({ status: 404 });
  });

  it('are shown to everybody, byte for byte, as what they are and as nothing else', async () => {
    const odd = Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      Buffer.from('<script>\xff\r\n--x', 'latin1'),
    ]);
    const made = await upload({ file: gif(odd) }, '<b>.svg');
    expect(made.status).toBe(201);
    const { data } = (await made.json()) as { data: { attributes: Record<string, unknown> } };
    expect(data.attributes).toMatchObject({ name: '<b>.svg', format: 'png' });
    const answer = await shown(data.attributes['image_url']);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(odd);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const wrong = String(data.attributes['image_url']).replace(/png$/, 'gif');
    expect((await shown(wrong)).status).toBe(404);
    expect((await shown(`${stage.url}/p/images/x/y.png`)).status).toBe(404);
  });

  it('that are none are refused, and leave nothing', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const before = await stage.digest();
    for (const bytes of [svg, Buffer.from('GIF'), Buffer.alloc(0), Buffer.from('\x89PNX')]) {
      expect((await upload({ file: gif(bytes) })).status).toBe(400);
    }
    expect((await upload({ file: gif(Buffer.concat([pixel, Buffer.alloc(4_600_000)])) })).status).toBe(413);
    expect((await upload({ name: 'without a file' })).status).toBe(400);
    const addresses = ['data:image/svg+xml;base64,PHN2Zz4=', 'data:text/html,x', 'https://shop.example/x', 'x', ''];
    for (const address of addresses) {
      const ask = () => stage.send('POST', '/api/images', { body: imageFrom(address) });
      const { errors } = await expectRefused(stage, ask, 400);
      expect(errors[0]?.source.pointer).toBe('/data/attributes/import_from_url');
    }
    expect(await stage.digest()).toBe(before);
  });
});

it('every operation was exercised', () => expectExercised(stage, 'images'));
