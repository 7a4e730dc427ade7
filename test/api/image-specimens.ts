// An image, and good requests about images.
import type { Stage } from './stage.ts';

/** Ids of what images are furnished with. */
export interface ImageThings {
  image: string;
}

/** One white pixel. Its bytes are all below 128, so that it can travel as text. */
export const pixel = Buffer.from('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;', 'latin1');

export const dataUri = `data:image/gif;base64,${pixel.toString('base64')}`;

export const imageFrom = (address: string, rest: object = {}) => ({
  data: { type: 'image', attributes: { import_from_url: address, ...rest } },
});

/** A form with a file, as text. */
export const form = {
  type: 'multipart/form-data; boundary=edge',
  body:
    '--edge\r\ncontent-disposition: form-data; name="file"; filename="pixel.gif"\r\ncontent-type: image/gif\r\n\r\n' +
    `${pixel.toString('latin1')}\r\n--edge--\r\n`,
};

/** A good body for every operation on images that takes one. */
export const imageBodies: Readonly<Record<string, (things: ImageThings) => object | string>> = {
  upload_image_from_url: () => imageFrom(dataUri, { name: 'Pixel', hidden: true }),
  upload_image_from_file: () => form.body,
  update_image: ({ image }) => ({ data: { type: 'image', id: image, attributes: { name: 'Renamed', hidden: true } } }),
  update_image_for_campaign_message: ({ image }) => ({ data: { type: 'image', id: image } }),
};

/** Furnishes an account with an image of its own. */
export async function furnishImages(stage: Stage, key: string): Promise<ImageThings> {
  const { status, text, one } = await stage.send('POST', '/api/images', { key, body: imageFrom(dataUri) });
  if (status >= 300) throw new Error(`Furnishing was answered ${status}: ${text}`);
  return { image: one.id };
}
