import { hash, randomBytes } from 'node:crypto'
import { type Cbor, cborOf } from './cbor.ts'
import { type KeyAlgorithm, makeKeyPair, type PasskeyKeyPair } from './key-pair.ts'

/** What a page sends of a passkey: what `credential.toJSON()` gives. */
export interface PasskeyJson {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly response: Readonly<Record<string, unknown>>
  readonly clientExtensionResults: Readonly<Record<string, unknown>>
}

/** What an honest browser and authenticator do otherwise than is said here, they do as the standard says. */
export interface Deviations {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  /** Further members of the client data. */
  readonly clientData?: Readonly<Record<string, unknown>>
  /** UP 1, UV 4, BE 8, BS 16, AT 64, ED 128. */
  readonly flags?: number
  readonly count?: number
  readonly format?: string
  readonly statement?: Cbor
  readonly publicKey?: Cbor
  /** In place of the whole attestation object. */
  readonly attestationObject?: Buffer
  readonly userHandle?: string | null
  /** Bytes behind the authenticator data. */
  readonly trailing?: Buffer
  readonly signature?: Buffer
}

export interface SoftAuthenticatorOptions {
  /** Of the page. */
  readonly origin: string
  readonly algorithm?: KeyAlgorithm
  /** Whether it asks for a finger, a face or a PIN. */
  readonly verifiesUser?: boolean
  /** Many passkeys do not count: they always say 0. */
  readonly counts?: boolean
}

interface KeptPasskey {
  readonly id: Buffer
  readonly rpId: string
  readonly userHandle: string
  readonly keys: PasskeyKeyPair
  count: number
}

const PRESENT = 1
const VERIFIED = 4
const ATTESTED = 64

/**
 * A browser with an authenticator, made of software, for tests: it makes passkeys and signs with them, rightly or, by
 * `Deviations`, wrongly.
 *
 * `const credential = device.create(options)`, `device.get(options)`
 */
export class SoftAuthenticator {
  readonly #options: SoftAuthenticatorOptions
  readonly #kept: KeptPasskey[] = []

  constructor(options: SoftAuthenticatorOptions) {
    this.#options = options
  }

  /** `navigator.credentials.create()` */
  create(options: CreationOptionsJson, deviations: Deviations = {}): PasskeyJson {
    const { algorithm = -7 } = this.#options
    const keys = makeKeyPair(algorithm)
    const passkey: KeptPasskey = {
      id: randomBytes(32),
      rpId: options.rp.id,
      userHandle: options.user.id,
      keys,
      count: 0,
    }
    this.#kept.push(passkey)
    const { publicKey = keys.publicKey, trailing = Buffer.alloc(0) } = deviations
    const attested = [Buffer.alloc(16), uint16(passkey.id.length), passkey.id, cborOf(publicKey), trailing]
    const authData = Buffer.concat([this.#authenticatorData(passkey, deviations, ATTESTED), ...attested])
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, deviations)
    const { format = 'none', statement = new Map(), attestationObject } = deviations
    return jsonOf(passkey.id, {
      clientDataJSON: clientDataJSON.toString('base64url'),
      attestationObject: (attestationObject ?? attestationOf(format, statement, authData)).toString('base64url'),
      transports: ['internal', 'hybrid'],
    })
  }

  /** The same passkey, vouching for itself: a `packed` attestation without certificates. */
  selfAttested(credential: PasskeyJson): PasskeyJson {
    const { id, rpId, keys } = this.#keptAs(credential.id)
    const { clientDataJSON, attestationObject } = credential.response
    const object = Buffer.from(String(attestationObject), 'base64url')
    // What `create` makes ends with the authenticator data, which begins with the digest of the site.
    const authData = object.subarray(object.indexOf(hash('sha256', rpId, 'buffer')))
    const signed = Buffer.concat([authData, hash('sha256', Buffer.from(String(clientDataJSON), 'base64url'), 'buffer')])
    const statement = new Map<string, Cbor>([
      ['alg', this.#options.algorithm ?? -7],
      ['sig', keys.sign(signed)],
    ])
    const attested = attestationOf('packed', statement, authData).toString('base64url')
    return jsonOf(id, { ...credential.response, attestationObject: attested })
  }

  /** `navigator.credentials.get()`, with the passkey that was asked for, or the last that was made. */
  get(options: RequestOptionsJson, deviations: Deviations = {}): PasskeyJson {
    const passkey = this.#chosen(options)
    if (this.#options.counts !== false) passkey.count += 1
    const authenticatorData = Buffer.concat([
      this.#authenticatorData(passkey, deviations, 0),
      deviations.trailing ?? Buffer.alloc(0),
    ])
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, deviations)
    const signed = Buffer.concat([authenticatorData, hash('sha256', clientDataJSON, 'buffer')])
    return jsonOf(passkey.id, {
      clientDataJSON: clientDataJSON.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: (deviations.signature ?? passkey.keys.sign(signed)).toString('base64url'),
      userHandle: deviations.userHandle === undefined ? passkey.userHandle : deviations.userHandle,
    })
  }

  #keptAs(text: string): KeptPasskey {
    const passkey = this.#kept.find(({ id }) => id.toString('base64url') === text)
    if (passkey === undefined) throw new Error('The authenticator has not made that passkey')
    return passkey
  }

  #chosen({ rpId, allowCredentials = [] }: RequestOptionsJson): KeptPasskey {
    const allowed = new Set(allowCredentials.map(({ id }) => id))
    const fitting = this.#kept.filter((each) => each.rpId === rpId)
    const passkey = fitting.findLast(({ id }) => allowed.size === 0 || allowed.has(id.toString('base64url')))
    if (passkey === undefined) throw new Error('NotAllowedError: the authenticator has no such passkey')
    return passkey
  }

  #authenticatorData(passkey: KeptPasskey, deviations: Deviations, further: number): Buffer {
    const usual = PRESENT | (this.#options.verifiesUser === false ? 0 : VERIFIED)
    const { rpId = passkey.rpId, flags = usual, count = passkey.count } = deviations
    const counted = Buffer.alloc(4)
    counted.writeUInt32BE(count)
    return Buffer.concat([hash('sha256', rpId, 'buffer'), Buffer.of(flags | further), counted])
  }

  #clientData(usual: string, given: string, { type = usual, challenge = given, ...deviations }: Deviations): Buffer {
    const { origin = this.#options.origin, clientData = {} } = deviations
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }))
  }
}

/** As much of the options as an authenticator looks at. */
export interface CreationOptionsJson {
  readonly challenge: string
  readonly rp: { readonly id: string }
  readonly user: { readonly id: string }
}

export interface RequestOptionsJson {
  readonly challenge: string
  readonly rpId: string
  readonly allowCredentials?: readonly { readonly id: string }[]
}

function jsonOf(id: Buffer, response: PasskeyJson['response']): PasskeyJson {
  const text = id.toString('base64url')
  return { id: text, rawId: text, type: 'public-key', response, clientExtensionResults: {} }
}

function attestationOf(format: string, statement: Cbor, authData: Buffer): Buffer {
  const members: [string, Cbor][] = [
    ['fmt', format],
    ['attStmt', statement],
    ['authData', authData],
  ]
  return cborOf(new Map(members))
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}
