import { type ApiError, validationError } from '../../base/index.ts'

/** How large an upload may be, before it is made anew. */
export const AVATAR_MAX_BYTES = 5 * 1024 * 1024
export const AVATAR_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const
export const AVATAR_CONTENT_TYPE = 'image/webp'
export const AVATAR_FIELD = 'avatar'

const SIDE = 256
/** A picture of a few kilobytes may say that it is as large as a town: what it would take to unpack is bounded first. */
const MOST_PIXELS = 30_000_000
const SECONDS = 10
/** What the column holds, as bytes before base64. */
const LONGEST = 74_000
const QUALITIES = [82, 60, 30]

/** Django's words. */
const NO_IMAGE = 'Upload a valid image. The file you uploaded was either not an image or a corrupted image.'

/**
 * Makes a picture anew from what was uploaded: 256 × 256 WebP of its middle, upright, of its first frame, and without
 * anything else that the file held, such as the place where it was taken.
 *
 * @throws {ApiError} `validation_failed` under `avatar` if it is no JPEG, PNG, WebP or GIF, broken, or too large to unpack
 */
export async function makeAvatar(upload: Uint8Array): Promise<Uint8Array> {
  if (!isPicture(upload)) throw notAnImage()
  const { default: sharp } = await import('sharp')
  // One thread for each picture: how many are worked on at once is for the queue to say.
  sharp.concurrency(1)
  sharp.cache(false)
  const square = sharp(upload, { limitInputPixels: MOST_PIXELS, failOn: 'error', pages: 1 })
    .autoOrient()
    .resize(SIDE, SIDE, { fit: 'cover' })
    .timeout({ seconds: SECONDS })
  try {
    for (const quality of QUALITIES) {
      const { buffer, byteOffset, length } = await square.clone().webp({ quality, alphaQuality: quality }).toBuffer()
      if (length <= LONGEST) return new Uint8Array(buffer, byteOffset, length)
    }
  } catch (cause) {
    throw notAnImage(cause)
  }
  throw notAnImage()
}

function notAnImage(cause?: unknown): ApiError {
  return validationError({ [AVATAR_FIELD]: [NO_IMAGE] }, { cause })
}

const JPEG = [0xff, 0xd8, 0xff]
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/**
 * Whether the bytes begin as one of the four kinds does. What a sender says of a file is worth nothing, and the library
 * reads far more kinds: SVG, which may name other files, and PDF among them.
 */
function isPicture(bytes: Uint8Array): boolean {
  const beginsWith = (signature: readonly number[]) => signature.every((byte, index) => bytes[index] === byte)
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  if (beginsWith(JPEG) || beginsWith(PNG)) return true
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return true
  return ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP'
}
