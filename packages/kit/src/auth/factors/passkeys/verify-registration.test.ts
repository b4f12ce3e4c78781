import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { ApiError } from '../../../base/index.ts'
import type { Json } from '../../../db/index.ts'
import { type Cbor, cborOf } from '../../../testing/passkeys/cbor.ts'
import type { Deviations, PasskeyJson } from '../../../testing/passkeys/soft-authenticator.ts'
import { device, SITE, wire } from './tests/stage.ts'
import { verifyRegistration } from './verify-registration.ts'

const OPTIONS = {
  challenge: randomBytes(32).toString('base64url'),
  rp: { id: 'example.com' },
  user: { id: 'AAAAAAAAAAAAAAAAAAAAAA' },
}
const made = (deviations: Deviations = {}) => device().create(OPTIONS, deviations)

/** What is said of a credential that is refused. */
async function refusalOf(credential: Json): Promise<string> {
  try {
    await verifyRegistration(SITE, credential)
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error))
    assert.deepEqual([error.status, Object.keys(error.errors)], [400, ['credential']])
    return String(error.errors.credential)
  }
  return assert.fail(`taken: ${JSON.stringify(credential)}`)
}

const changed = (change: (response: Record<string, unknown>) => void): Json => {
  const credential: PasskeyJson = made()
  const response = { ...credential.response }
  change(response)
  return wire({ ...credential, response })
}

const p = (size: number) => randomBytes(size)
const BAD_KEYS: readonly Cbor[] = [
  new Map<number, Cbor>([
    [1, 2],
    [3, -35],
    [-1, 2],
    [-2, p(48)],
    [-3, p(48)],
  ]),
  new Map<number, Cbor>([
    [1, 2],
    [3, -47],
    [-1, 8],
    [-2, p(32)],
    [-3, p(32)],
  ]),
  new Map<number, Cbor>([
    [1, 3],
    [3, -65535],
    [-1, p(256)],
    [-2, Buffer.of(1, 0, 1)],
  ]),
  new Map<number, Cbor>([
    [1, 3],
    [3, -37],
    [-1, p(256)],
    [-2, Buffer.of(1, 0, 1)],
  ]),
  new Map<number, Cbor>([
    [1, 7],
    [3, -48],
    [-1, p(1312)],
  ]),
  new Map<number, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, p(32)],
    [-3, p(32)],
  ]),
  new Map<number, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, p(32)],
  ]),
  new Map<number, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, p(31)],
    [-3, p(33)],
  ]),
  new Map<number, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, 'text'],
    [-3, 7],
  ]),
  new Map<number, Cbor>([
    [1, 1],
    [3, -7],
    [-1, 6],
    [-2, p(32)],
  ]),
  new Map<number, Cbor>([
    [1, 1],
    [3, -8],
    [-1, 4],
    [-2, p(32)],
  ]),
  new Map<number, Cbor>([
    [1, 1],
    [3, -8],
    [-1, 6],
    [-2, p(57)],
  ]),
  new Map<number, Cbor>([
    [1, 3],
    [3, -257],
    [-1, p(64)],
    [-2, Buffer.of(1, 0, 1)],
  ]),
  new Map<number, Cbor>([
    [1, 3],
    [3, -257],
    [-1, p(2048)],
    [-2, Buffer.of(1, 0, 1)],
  ]),
  new Map<number, Cbor>([
    [1, 3],
    [3, -257],
    [-1, p(256)],
    [-2, p(256)],
  ]),
  new Map<number, Cbor>([[3, '-7']]),
  new Map(),
  [],
  7,
  'key',
  true,
]

describe('a new passkey', () => {
  it('is taken as browsers give it, with members that are not needed', async () => {
    const credential = made()
    const given = wire({
      ...credential,
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response: { ...credential.response, publicKeyAlgorithm: -7, publicKey: 'AAAA', authenticatorData: 'AAAA' },
    })
    const passkey = await verifyRegistration(SITE, given)
    assert.equal(passkey.credentialId, credential.id)
    assert.equal(passkey.challenge, OPTIONS.challenge)
    assert.deepEqual(passkey.transports, ['internal', 'hybrid'])
    assert.deepEqual([passkey.signCount, passkey.isBackedUp], [0, false])
  })

  it('tells whether it is backed up, and may be kept where users are not verified', async () => {
    assert.equal((await verifyRegistration(SITE, wire(made({ flags: 1 | 4 | 8 | 16 })))).isBackedUp, true)
    assert.equal((await verifyRegistration(SITE, wire(made({ flags: 1 })))).isBackedUp, false)
  })

  it('may vouch for itself, and must do so rightly', async () => {
    for (const algorithm of [-7, -8, -257] as const) {
      const phone = device({ algorithm })
      const credential = phone.selfAttested(phone.create(OPTIONS))
      assert.equal((await verifyRegistration(SITE, wire(credential))).credentialId, credential.id)
    }
    const statement = new Map<string, Cbor>([
      ['alg', -7],
      ['sig', Buffer.from('3006020101020101', 'hex')],
    ])
    assert.match(await refusalOf(wire(made({ format: 'packed', statement }))), /signature is wrong|not be verified/)
  })

  it('is refused with an attestation that was not asked for, before anything in it is looked at', async () => {
    const certified = new Map<string, Cbor>([
      ['alg', -7],
      ['sig', Buffer.alloc(70)],
      ['x5c', [Buffer.alloc(500)]],
    ])
    const formats = ['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple', 'compound', 'x', '']
    for (const format of formats) {
      assert.equal(
        await refusalOf(wire(made({ format, statement: certified }))),
        'It has an attestation, and none was asked for.',
      )
    }
    await refusalOf(wire(made({ statement: certified })))
  })

  it('is refused for what was made elsewhere, with the reason', async () => {
    const cases: readonly (readonly [Deviations, RegExp])[] = [
      [{ origin: 'https://evil.example' }, /another origin/],
      [{ origin: 'https://app.example.com:8443' }, /another origin/],
      [{ rpId: 'evil.example' }, /another site/],
      [{ type: 'webauthn.get' }, /navigator\.credentials\.create/],
      [{ clientData: { crossOrigin: true } }, /frame of another site/],
      [{ clientData: { crossOrigin: 'yes' } }, /not what a browser makes/],
      [{ challenge: 'A'.repeat(200) }, /not what a browser makes/],
      [{ flags: 4 }, /could not be verified/],
      [{ flags: 1 | 4 | 16 }, /could not be verified/],
    ]
    for (const [deviations, reason] of cases) assert.match(await refusalOf(wire(made(deviations))), reason)
  })

  it('is refused with a key of an algorithm that was not offered, or with none that is whole', async () => {
    for (const publicKey of BAD_KEYS) await refusalOf(wire(made({ publicKey })))
  })

  it('is refused, and nothing more, whatever bytes the authenticator is said to have made', async () => {
    const bombs = [
      Buffer.alloc(0),
      Buffer.of(0),
      Buffer.of(0xf6),
      Buffer.alloc(12_000, 0x81),
      Buffer.alloc(12_000, 0xa1),
      Buffer.alloc(12_000, 0xc0),
      Buffer.alloc(12_000, 0x9f),
      Buffer.from('9bffffffffffffffff', 'hex'),
      Buffer.from('bbffffffffffffffff', 'hex'),
      Buffer.from('5bffffffffffffffff', 'hex'),
      Buffer.from('7b7fffffffffffffff', 'hex'),
      Buffer.from('bf6361', 'hex'),
      Buffer.concat([Buffer.from('9a00ffffff', 'hex'), Buffer.alloc(12_000, 0x80)]),
      cborOf(new Map<string, Cbor>([['fmt', 'none']])),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', 'x'],
          ['authData', Buffer.alloc(37)],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', 'text'],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', Buffer.alloc(36)],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', Buffer.alloc(5000, 0xff)],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['fmt', 7],
          ['attStmt', new Map()],
          ['authData', Buffer.alloc(37)],
        ]),
      ),
      cborOf(
        new Map<string, Cbor>([
          ['__proto__', new Map()],
          ['fmt', 'none'],
        ]),
      ),
    ]
    for (const attestationObject of bombs) await refusalOf(wire(made({ attestationObject })))
    await refusalOf(wire(made({ trailing: Buffer.from('00', 'hex') })))
    for (let round = 0; round < 300; round++) {
      const credential = made()
      const object = Buffer.from(String(credential.response.attestationObject), 'base64url')
      const length = round % 2 === 0 ? object.length : 1 + (round % object.length)
      const cut = Buffer.from(object.subarray(0, length))
      for (let flips = 0; flips < 4; flips++)
        cut[randomBytes(2).readUInt16BE() % cut.length] = randomBytes(1).readUInt8()
      const given = wire({
        ...credential,
        response: { ...credential.response, attestationObject: cut.toString('base64url') },
      })
      // A flip may hit what nothing depends on, such as the id of the model; anything but a refusal is a fault.
      await verifyRegistration(SITE, given).catch((error: unknown) => {
        assert.ok(error instanceof ApiError && error.status === 400, String(error))
      })
    }
  })

  it('is refused, and nothing more, whatever client data the browser is said to have made', async () => {
    const texts = [
      '',
      'null',
      '7',
      '"x"',
      '[]',
      '{}',
      '{"type":"webauthn.create"}',
      '{"type":',
      '\u0000',
      `${'['.repeat(3000)}`,
    ]
    for (const text of texts) {
      const clientDataJSON = Buffer.from(text).toString('base64url')
      await refusalOf(changed((response) => Object.assign(response, { clientDataJSON })))
    }
    const broken = Buffer.of(0xff, 0xfe, 0x7b).toString('base64url')
    await refusalOf(changed((response) => Object.assign(response, { clientDataJSON: broken })))
  })

  it('is refused for members of a wrong form, which it names', async () => {
    const { response, ...rest } = made()
    const cases: readonly (readonly [Json, RegExp])[] = [
      [null, /`credential` must be an object/],
      [7, /`credential` must be an object/],
      ['text', /`credential` must be an object/],
      [[], /`credential` must be an object/],
      [{}, /`type` must be "public-key"/],
      [wire({ ...rest, response, type: 'password' }), /`type`/],
      [wire({ ...rest, response, rawId: 'AAAA' }), /`rawId` must be the same/],
      [wire({ ...rest, response, id: 7 }), /`id` must be a text/],
      [wire({ ...rest, response, id: 'A'.repeat(1368), rawId: 'A'.repeat(1368) }), /`id` must have at most 1364/],
      [wire({ ...rest, response, id: 'AB', rawId: 'AB' }), /`id` must be in base64url/],
      [wire({ ...rest, response, id: 'AAA=', rawId: 'AAA=' }), /`id` must be in base64url/],
      [wire({ ...rest, response: null }), /`response` must be an object/],
      [wire({ ...rest, response: [] }), /`response` must be an object/],
      [wire({ ...rest, response: { ...response, clientDataJSON: {} } }), /`clientDataJSON` must be a text/],
      [wire({ ...rest, response: { ...response, attestationObject: ['AAAA'] } }), /`attestationObject` must be a text/],
      [wire({ ...rest, response: { ...response, attestationObject: 'AAAA'.repeat(4097) } }), /at most 16384/],
      [wire({ ...rest, response: { ...response, attestationObject: 'no base64!' } }), /in base64url/],
      [wire({ ...rest, response: { ...response, transports: 'usb' } }), /`transports` must be a list/],
      [wire({ ...rest, response: { ...response, transports: [7] } }), /`transports` must be a list/],
      [wire({ ...rest, response: { ...response, transports: Array(11).fill('usb') } }), /`transports` must be a list/],
      [wire({ ...rest, response: { ...response, transports: ['<script>'] } }), /`transports` must be a list/],
      [wire({ ...rest, id: 'AAAA', rawId: 'AAAA', response }), /`id` is not that of the passkey/],
    ]
    for (const [credential, reason] of cases) assert.match(await refusalOf(credential), reason)
  })
})
