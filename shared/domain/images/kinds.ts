// What images may be. The bytes decide, not what the caller calls them: everything else (SVG too) is no image.

/** `format`: as the API names it, and the ending of the address. */
export const kinds = [
  { format: 'jpeg', mediaType: 'image/jpeg', beginsWith: [[0xff, 0xd8, 0xff]] },
  { format: 'png', mediaType: 'image/png', beginsWith: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]] },
  {
    format: 'gif',
    mediaType: 'image/gif',
    beginsWith: ['GIF87a', 'GIF89a'].map((text) => [...Buffer.from(text)]),
  },
] as const satisfies readonly { format: string; mediaType: string; beginsWith: readonly (readonly number[])[] }[];

export type ImageFormat = (typeof kinds)[number]['format'];

/** The format of an image by its first bytes; undefined: none that we take. */
export function formatOf(bytes: Uint8Array): ImageFormat | undefined {
  const isSo = (start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
  return kinds.find(({ beginsWith }) => beginsWith.some(isSo))?.format;
}

export const mediaTypeOf = (format: ImageFormat): string =>
  kinds.find((kind) => kind.format === format)?.mediaType ?? 'application/octet-stream';
