import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { ApiError } from '../../base/index.ts'
import { makeAvatar } from './avatar-image.ts'

const RED = { r: 255, g: 0, b: 0 }
const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: RED } })

async function assertRefused(upload: Uint8Array, what: string): Promise<void> {
  await assert.rejects(makeAvatar(upload), (error) => {
    assert.ok(error instanceof ApiError, `${what}: ${error}`)
    assert.equal(error.code, 'validation_failed')
    assert.match(error.errors.avatar?.[0] ?? '', /^Upload a valid image/)
    return true
  })
}

test('JPEG, PNG, WebP and GIF become a square WebP', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
    const made = await makeAvatar(await picture(640, 480).toFormat(format).toBuffer())
    const { width, height, format: made_format } = await sharp(made).metadata()
    assert.deepEqual([made_format, width, height], ['webp', 256, 256], format)
  }
})

test('what else the file holds is left out, and the picture stands upright', async () => {
  const upload = await picture(100, 400)
    .jpeg()
    .withExif({ IFD0: { Copyright: 'Asha' }, IFD3: { GPSLatitude: '26/1 13/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer()
  const made = await makeAvatar(upload)
  const { exif, icc, xmp, orientation } = await sharp(made).metadata()
  assert.deepEqual([exif, icc, xmp, orientation], [undefined, undefined, undefined, undefined])
  assert.ok(!Buffer.from(made).includes('Asha'))
})

test('of an animation the first frame is taken', async () => {
  const frames = await Promise.all([picture(50, 50).png().toBuffer(), picture(50, 50).negate().png().toBuffer()])
  const animated = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer()
  assert.equal((await sharp(animated, { animated: true }).metadata()).pages, 2)
  const made = await makeAvatar(animated)
  assert.equal((await sharp(made).metadata()).pages ?? 1, 1)
  const { data } = await sharp(made).raw().toBuffer({ resolveWithObject: true })
  assert.ok((data[0] ?? 0) > 200 && (data[1] ?? 255) < 60)
})

test('noise with transparency fits into what is kept', async () => {
  const noise = randomBytes(400 * 400 * 4)
  const upload = await sharp(noise, { raw: { width: 400, height: 400, channels: 4 } })
    .png()
    .toBuffer()
  const made = await makeAvatar(upload)
  assert.ok(Buffer.from(made).toString('base64').length <= 100_000)
})

test('what is no picture of these kinds is refused, whatever it is', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'
  await assertRefused(Buffer.from(svg), 'svg')
  await assertRefused(Buffer.from('%PDF-1.7\n'), 'pdf')
  await assertRefused(Buffer.from('GIF89a'), 'a signature alone')
  await assertRefused(Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'a signature alone')
  await assertRefused(Buffer.from('RIFF\x00\x00\x00\x00WEBPVP8 '), 'a signature alone')
  await assertRefused(randomBytes(5000), 'noise')
  await assertRefused(new Uint8Array(), 'nothing')
  await assertRefused(await picture(9, 9).tiff().toBuffer(), 'tiff')
  await assertRefused((await picture(900, 900).png().toBuffer()).subarray(0, 500), 'a half')
})

test('a small file that says it is enormous is refused before it is unpacked', async () => {
  await assertRefused(bomb(60_000, 60_000), 'a bomb')
  await assertRefused(bomb(2_147_483_647, 2_147_483_647), 'a larger bomb')
})

/** A PNG of few bytes, whose header tells of very many pixels. */
function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(1_000_000))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), content])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
