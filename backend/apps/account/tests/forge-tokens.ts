import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { newId } from '@bailiwick/kit/base'

/** What a forger knows, and what only the server does: its key. */
export interface Material {
  /** A token that is taken. */
  readonly genuine: string
  /** One of the same kind, of another user in another business. */
  readonly foreign: string
  /** Signs as the server does: for tokens that are wrong although their signature is right. */
  readonly signRight: (text: string) => string
  /** The public key of the server, if it has one. */
  readonly publicKey: KeyObject | null
  readonly secret: string
}

export interface Forged {
  readonly name: string
  readonly token: string
}

type Json = Readonly<Record<string, unknown>>

const part = (value: unknown): string => text64(JSON.stringify(value) ?? '')
const text64 = (text: string): string => Buffer.from(text).toString('base64url')
export const readPart = (token: string, at: 0 | 1): Json =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString())

const hmac = (text: string, secret: string | Buffer, digest = 'sha256'): string =>
  `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`

const forgers = {
  ed: generateKeyPairSync('ed25519'),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

/** Signs with a key of the forger's own. */
function byForger(alg: string, text: string): string {
  if (alg === 'EdDSA') return `${text}.${sign(null, Buffer.from(text), forgers.ed.privateKey).toString('base64url')}`
  const key = alg === 'ES256' ? forgers.ec.privateKey : forgers.rsa.privateKey
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** Tokens that must never be taken: of every kind of trick that is known of JSON Web Tokens. */
export function forgeTokens(material: Material): Forged[] {
  return [
    ...unsigned(material),
    ...bySecretsThatAreNone(material),
    ...byKeysOfTheirOwn(material),
    ...withOtherHeaders(material),
    ...withKids(material),
    ...withTimes(material),
    ...withOtherClaims(material),
    ...withStrangePayloads(material),
    ...spelledOtherwise(material),
  ]
}

function unsigned({ genuine }: Material): Forged[] {
  const [, body, signature] = genuine.split('.')
  const header = readPart(genuine, 0)
  return ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, 0, false, [], {}, undefined].flatMap((alg) =>
    ['', signature, 'AAAA'].map((end) => ({
      name: `alg ${JSON.stringify(alg)} with the signature ${JSON.stringify(end?.slice(0, 4))}`,
      token: `${part({ ...header, alg })}.${body}.${end}`,
    })),
  )
}

function bySecretsThatAreNone({ genuine, publicKey }: Material): Forged[] {
  const { kid, typ } = readPart(genuine, 0)
  const header = { alg: 'HS256', typ, kid }
  const text = `${part(header)}.${genuine.split('.')[1]}`
  const nameless = `${part({ alg: 'HS256', typ })}.${genuine.split('.')[1]}`
  const key = publicKey ?? createPublicKey(forgers.ed.privateKey)
  const pem = key.export({ type: 'spki', format: 'pem' }).toString()
  const jwk = key.export({ format: 'jwk' })
  const secrets: readonly (readonly [string, string | Buffer])[] = [
    ['the public key in PEM', pem],
    ['the public key in PEM, trimmed', pem.trim()],
    ['the public key in DER', key.export({ type: 'spki', format: 'der' })],
    ['the public key as a JWK', JSON.stringify(jwk)],
    ['x of the public key', String(jwk.x)],
    ['the bytes of x', Buffer.from(String(jwk.x), 'base64url')],
    ['the name of the key', String(kid)],
    ['nothing', ''],
    ['a zero byte', '\u0000'],
    ['a guess', 'secret'],
  ]
  return secrets.flatMap(([name, secret]) => [
    { name: `HS256 by ${name}`, token: hmac(text, secret) },
    { name: `HS256 without kid by ${name}`, token: hmac(nameless, secret) },
  ])
}

function byKeysOfTheirOwn({ genuine, secret }: Material): Forged[] {
  const header = readPart(genuine, 0)
  const body = genuine.split('.')[1]
  const jwks = {
    EdDSA: forgers.ed.publicKey.export({ format: 'jwk' }),
    ES256: forgers.ec.publicKey.export({ format: 'jwk' }),
    RS256: forgers.rsa.publicKey.export({ format: 'jwk' }),
  }
  const own = (['EdDSA', 'ES256', 'RS256'] as const).flatMap((alg) => {
    const ways: readonly (readonly [string, Json])[] = [
      ['', {}],
      [' with jwk', { jwk: jwks[alg] }],
      [' with jku', { jku: 'https://evil.test/jwks.json' }],
      [' with x5u', { x5u: 'https://evil.test/cert.pem' }],
      [' with x5c', { x5c: ['MIIB'] }],
      [' with x5t', { x5t: 'AAAA' }],
    ]
    return ways.map(([name, more]) => ({
      name: `${alg} by a key of their own${name}`,
      token: byForger(alg, `${part({ ...header, alg, ...more })}.${body}`),
    }))
  })
  const other = ['sha384', 'sha512'].map((digest) => ({
    name: `the right secret with ${digest}`,
    token: hmac(`${part({ ...header, alg: digest.replace('sha', 'HS') })}.${body}`, secret, digest),
  }))
  return [...own, ...other]
}

function withOtherHeaders({ genuine, signRight }: Material): Forged[] {
  const header = readPart(genuine, 0)
  const body = genuine.split('.')[1]
  const changes: readonly Json[] = [
    { typ: 'JWT' },
    { typ: undefined },
    { typ: '' },
    { typ: null },
    { typ: String(header.typ).toUpperCase() },
    { typ: `application/${String(header.typ)}` },
    { typ: ['at+jwt', 'rt+jwt'] },
    { typ: header.typ === 'at+jwt' ? 'rt+jwt' : 'at+jwt' },
    { crit: [] },
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { b64: false },
    { crit: 'b64', b64: true },
    { crit: ['x'], x: 1 },
    { zip: 'DEF' },
    { cty: 'JWT' },
    { enc: 'A256GCM' },
    { jwk: forgers.ed.publicKey.export({ format: 'jwk' }) },
    { jku: 'https://evil.test/jwks.json' },
    { x5u: 'http://127.0.0.1:1/' },
    { alg: 'none' },
    { alg: ['HS256', 'EdDSA', 'ES256'] },
  ]
  const whole = JSON.stringify(header)
  const texts = [
    whole.replace('{', '{"alg":"none",'),
    whole.replace('}', ',"alg":"none"}'),
    whole.replace('}', ',"kid":"x"}'),
    whole.replace('{', '{ '),
    ` ${whole}`,
    `\uFEFF${whole}`,
    `${whole}x`,
    `[${whole}]`,
    'null',
    '',
  ]
  return [
    ...changes.map((change) => ({
      name: `signed rightly, but the header says ${JSON.stringify(change).slice(0, 80)}`,
      token: signRight(`${part({ ...header, ...change })}.${body}`),
    })),
    ...texts.map((text) => ({
      name: `signed rightly, but the header is ${text.slice(0, 60)}`,
      token: signRight(`${text64(text)}.${body}`),
    })),
  ]
}

function withKids({ genuine, signRight }: Material): Forged[] {
  const header = readPart(genuine, 0)
  const body = genuine.split('.')[1]
  const kids = [
    '../../../../../../dev/null',
    '/dev/null',
    "' OR '1'='1",
    "x' UNION SELECT 'secret' --",
    'k'.repeat(300),
    'unknown',
    '',
    '__proto__',
    'constructor',
    'http://evil.test/key',
    '| id',
    '\u0000',
    'مفتاح',
    null,
    0,
    [header.kid],
    { kid: header.kid },
  ]
  return kids.flatMap((kid) => {
    const text = `${part({ ...header, kid })}.${body}`
    const name = `kid ${JSON.stringify(kid).slice(0, 40)}`
    return [
      { name, token: signRight(text) },
      { name: `${name} by no secret`, token: hmac(text, '') },
    ]
  })
}

/** With claims in the place of the genuine ones, signed rightly. */
function withClaims({ genuine, signRight }: Material, change: Json, of = genuine): Forged {
  const claims = { ...readPart(of, 1), ...change }
  return {
    name: `signed rightly, but it says ${JSON.stringify(change).slice(0, 80)}`,
    token: signRight(`${genuine.split('.')[0]}.${part(claims)}`),
  }
}

function withTimes(material: Material): Forged[] {
  const now = Math.floor(Date.now() / 1000)
  const { genuine, signRight } = material
  const exps = [
    undefined,
    null,
    '',
    `${now + 3600}`,
    now + 0.5,
    -1,
    0,
    -(2 ** 53),
    2 ** 53,
    1e308,
    true,
    [],
    {},
    now - 1,
  ]
  const claims = JSON.stringify(readPart(genuine, 1))
  const raw = ['1e400', '-0', `${now + 3600}.0`, '0x7fffffff', 'NaN', '1e12'].map((exp) => ({
    name: `signed rightly, but exp is written ${exp}`,
    token: signRight(`${genuine.split('.')[0]}.${text64(claims.replace(/"exp":\d+/, `"exp":${exp}`))}`),
  }))
  return [
    ...exps.map((exp) => withClaims(material, { exp })),
    ...raw,
    withClaims(material, { exp: now + 200 * 365 * 86_400 }),
    ...[undefined, null, '', 'x', 1.5, true, [], -(2 ** 60)].map((iat) => withClaims(material, { iat })),
    ...[now + 3600, 'x', [], 2 ** 60].map((nbf) => withClaims(material, { nbf })),
  ]
}

function withOtherClaims(material: Material): Forged[] {
  const { genuine, foreign } = material
  const other = readPart(foreign, 1)
  const kind = readPart(genuine, 1).token_type
  const changes: readonly Json[] = [
    ...[undefined, null, '', 'else', 'Bailiwick', ['bailiwick'], 5].map((iss) => ({ iss })),
    ...[undefined, null, '', 'else', 'API', ['api'], ['api', 'else'], {}].map((aud) => ({ aud })),
    ...[undefined, null, '', 'x', 5, [other.sub], other.sub, newId(), '*', '\u0000'].map((sub) => ({ sub })),
    ...[undefined, null, '', 'x', 5, other.sid, newId(), "' or 1=1 --", 'ص'].map((sid) => ({ sid })),
    ...[undefined, null, '', 'x', 5, other.biz, newId(), {}].map((biz) => ({ biz })),
    ...[undefined, null, '', 'admin', [kind], String(kind).toUpperCase()].map((token_type) => ({ token_type })),
    { token_type: kind === 'access' ? 'refresh' : 'access' },
    ...[-1, 1.5, '1', null, 2 ** 60, {}].map((gen) => ({ gen })),
    { jti: undefined },
  ]
  return changes.map((change) => withClaims(material, change))
}

function withStrangePayloads({ genuine, signRight }: Material): Forged[] {
  const [header] = genuine.split('.')
  const claims = JSON.stringify(readPart(genuine, 1))
  const deep = 4000
  const texts = {
    null: 'null',
    'a list': `[${claims}]`,
    'a text': JSON.stringify(claims),
    'a number': '5',
    nothing: '',
    'no JSON': claims.slice(0, -1),
    'sub twice': claims.replace('{', `{"sub":"${newId()}",`),
    'sub twice, the other way round': claims.replace('}', `,"sub":"${newId()}"}`),
    'exp twice': claims.replace('}', ',"exp":9999999999}'),
    'white space': claims.replace('{', '{ '),
    'a line break at its end': `${claims}\n`,
    'a byte order mark': `\uFEFF${claims}`,
    'a zero byte': `${claims.replace('{', '{"x":"\\u0000",')}\u0000`,
    'half a character': claims.replace('}', ',"x":"\\ud800"}').replace('"x"', '"\\u0078"'),
    'very deep': `${'['.repeat(deep)}${']'.repeat(deep)}`,
    '100 KB': claims.replace('}', `,"x":"${'x'.repeat(100_000)}"}`),
    'escapes in names': claims.replace('"sub"', '"s\\u0075b"'),
  }
  return Object.entries(texts).map(([name, text]) => ({
    name: `signed rightly, but the payload is or has ${name}`,
    token: signRight(`${header}.${text64(text)}`),
  }))
}

function spelledOtherwise({ genuine, foreign, signRight }: Material): Forged[] {
  const [header = '', body = '', signature = ''] = genuine.split('.')
  const twins = [...'AQgwBCDEMUYcko048'].filter((letter) => letter !== signature.at(-1))
  const tokens: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      ['=', '==', 'A', '.', '.A', '..', '%00', '%20', '+', '/', '~'].map((end) => [end, genuine + end]),
    ),
    ...Object.fromEntries(twins.map((letter) => [`ends with ${letter}`, genuine.slice(0, -1) + letter])),
    'no signature': `${header}.${body}.`,
    'two parts': `${header}.${body}`,
    'one part': header,
    'nothing but dots': '..',
    'four dots': '....',
    'four parts': `${genuine}.${signature}`,
    'five parts, as JWE has': `${header}.${signature}.${signature}.${body}.${signature}`,
    'a header of JWE': `${part({ alg: 'dir', enc: 'A256GCM' })}..AAAA.AAAA.AAAA`,
    'padded header': signRight(`${header}=.${body}`),
    'padded payload': signRight(`${header}.${body}=`),
    'the signature cut': `${header}.${body}.${signature.slice(0, -2)}`,
    'half of the signature': `${header}.${body}.${signature.slice(0, signature.length / 2)}`,
    'a signature of zeros': `${header}.${body}.${'A'.repeat(signature.length)}`,
    'the signature of another': `${header}.${body}.${foreign.split('.')[2]}`,
    'the payload of another': `${header}.${foreign.split('.')[1]}.${signature}`,
    'in JSON': JSON.stringify({ protected: header, payload: body, signature }),
    'in quotes': `"${genuine}"`,
    'in capitals': genuine.toUpperCase(),
    'the parts in another order': `${body}.${header}.${signature}`,
    'a long signature': `${header}.${body}.${'A'.repeat(5000)}`,
    'a long text': 'A'.repeat(100_000),
    'many dots': '.'.repeat(3000),
    'a line break': `${header}.\n${body}.${signature}`,
    'a zero byte': `${genuine}\u0000`,
    'a space within': `${header}. ${body}.${signature}`,
    'letters that are none': `${genuine}ص`,
    'standard base64': `${header}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}+`,
  }
  return Object.entries(tokens).map(([name, token]) => ({ name: `spelled otherwise: ${name}`, token }))
}
