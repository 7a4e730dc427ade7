import { describe, expect, it } from 'vitest';
import { firstError, received, send } from './toy.ts';

const image = Buffer.from([0, 13, 10, 13, 10, 255, 45, 45, 98]);

/** A form as clients write it, each byte a character. */
async function formOf(fields: Record<string, string | Blob>): Promise<{ raw: string; type: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const response = new Response(form);
  const raw = Buffer.from(await response.arrayBuffer()).toString('latin1');
  return { raw, type: response.headers.get('content-type') ?? '' };
}

async function upload(raw: string, type: string) {
  return send('POST', '/api/covers', { raw, headers: { 'content-type': type } });
}

describe('multipart forms', () => {
  it('bring files byte for byte, texts in UTF-8 and flags as flags', async () => {
    const file = new File([image], 'é.png', { type: 'image/png' });
    const { raw, type } = await formOf({ file, name: 'Größe', hidden: 'true' });
    expect((await upload(raw, type)).status).toBe(204);
    expect(received.at(-1)).toEqual({
      file: { name: 'é.png', type: 'image/png', content: image.toString('latin1') },
      name: 'Größe',
      hidden: true,
    });
  });

  it('are checked against the schema', async () => {
    const { raw, type } = await formOf({ name: 'x', size: '1' });
    const { document } = await upload(raw, type);
    expect(document.errors.map(({ source }) => source.pointer)).toEqual(['/file', '/size']);
    const noFile = await formOf({ file: 'text' });
    expect(firstError(await upload(noFile.raw, noFile.type)).detail).toBe("'file' must be a file.");
  });

  it.each([
    ['--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n', 'the closing boundary is missing'],
    ['--b\r\n\r\n1\r\n--b--', 'a part has no name'],
    ['--b\r\nx--b--', 'the closing boundary is missing'],
    ['--b\r\nx\r\n--b--', 'a part has no headers'],
    [`${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(21)}--b--`, 'more than 20 parts'],
  ])('refuse what is malformed: %j', async (raw, why) => {
    const error = firstError(await upload(raw, 'multipart/form-data; boundary=b'));
    expect(error).toMatchObject({ status: 400, code: 'parse_error' });
    expect(error.detail).toContain(why);
  });

  it('need their media type and its boundary', async () => {
    expect((await upload('{}', 'application/json')).status).toBe(415);
    expect(firstError(await upload('x', 'multipart/form-data')).detail).toContain('names no boundary');
  });
});
