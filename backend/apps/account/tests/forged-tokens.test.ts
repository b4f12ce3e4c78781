import assert from 'node:assert/strict'
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type TestClient, testDatabases } from '@bailiwick/kit/testing'
import { type Forged, forgeTokens, type Material, readPart } from './forge-tokens.ts'
import { SECRET, type Servers, startServers } from './servers.ts'

const ME = '/api/account/me/'
const REFRESH = '/api/account/refresh/'
const VERIFY = '/api/account/token/verify/'
const PROTECTED = [
  ['GET', ME],
  ['GET', '/api/clients/clients/'],
  ['POST', '/api/account/logout/'],
] as const

const PEM = { type: 'pkcs8', format: 'pem' } as const
const KEYS = {
  HS256: null,
  EdDSA: generateKeyPairSync('ed25519').privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
} as const
type Algorithm = keyof typeof KEYS

const bySecret = (text: string) => `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`
const byKey = (algorithm: Algorithm, key: KeyObject) => (text: string) => {
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  return `${text}.${sign(digest, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** What no client library would send as a header. */
const isRaw = ({ token }: Forged) => /[^\x21-\x7e ]/.test(token)

/** The status that a server gives to a request written byte by byte. */
function rawStatus(url: string, token: string): Promise<number> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.end(
        `GET ${ME} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      )
    })
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
    })
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)))
    socket.on('error', reject)
  })
}

const [first, ...others] = testDatabases()
const places = [
  ...(['HS256', 'EdDSA', 'ES256'] as const).map((algorithm) => ({ algorithm, source: first })),
  ...others.map((source) => ({ algorithm: 'HS256' as const, source })),
]

for (const { algorithm, source } of places) {
  describe(`forged tokens with ${algorithm} on ${source?.name}`, () => {
    let servers: Servers
    let guest: TestClient
    let access: Material
    let refresh: Material
    let forged: { readonly access: readonly Forged[]; readonly refresh: readonly Forged[] }
    before(async () => {
      assert.ok(source)
      const key = KEYS[algorithm]
      const pem = key?.export(PEM).toString()
      const environment = { JWT_ALGORITHM: algorithm, ...(pem && { JWT_PRIVATE_KEY: pem }) }
      servers = await startServers({ source, environment })
      const [only] = servers.guests
      assert.ok(only)
      guest = only
      const [own, other] = [
        await servers.signIn((await servers.makeMember()).email),
        await servers.signIn((await servers.makeMember()).email),
      ]
      const known = { publicKey: key && createPublicKey(key), secret: SECRET }
      const signRight = key ? byKey(algorithm, key) : bySecret
      access = { ...known, genuine: own.access, foreign: other.access, signRight }
      refresh = { ...known, genuine: own.refresh, foreign: other.refresh, signRight: bySecret }
      forged = { access: forgeTokens(access), refresh: forgeTokens(refresh) }
    })
    after(() => servers.close())

    const bearer = (method: string, path: string, token: string) =>
      guest.send(method, path, { headers: { authorization: `Bearer ${token}` } })

    it('are many, and all unlike the genuine ones; what signs them signs genuine ones too', async () => {
      for (const [list, { genuine }] of [
        [forged.access, access],
        [forged.refresh, refresh],
      ] as const) {
        assert.ok(new Set(list.map(({ token }) => token)).size >= 250, `${list.length}`)
        assert.equal(list.find(({ token }) => token === genuine)?.name, undefined)
      }
      assert.equal(readPart(access.genuine, 0).alg, algorithm)
      const signedAgain = access.signRight(access.genuine.split('.').slice(0, 2).join('.'))
      assert.equal((await bearer('GET', ME, signedAgain)).status, 200)
    })

    it('are taken by no endpoint as a bearer token', async () => {
      for (const [at, each] of [...forged.access, ...forged.refresh].entries()) {
        for (const [method, path] of [PROTECTED[0], PROTECTED[(at % 2) + 1] ?? PROTECTED[0]]) {
          if (isRaw(each)) {
            assert.ok([400, 401].includes(await rawStatus(servers.urls[0] ?? '', each.token)), each.name)
            continue
          }
          const { status, body } = await bearer(method, path, each.token)
          if (each.token.length > 10_000) assert.ok([401, 431].includes(status), `${each.name}: ${status}`)
          else {
            assert.equal(status, 401, each.name)
            assert.match(body.code, /^(token_not_valid|bad_authorization_header)$/, each.name)
          }
        }
      }
    })

    it('renew nothing, and are not verified', async () => {
      for (const path of [REFRESH, VERIFY]) {
        for (const { name, token } of [...forged.access, ...forged.refresh]) {
          const { status, body } = await guest.post(path, path === REFRESH ? { refresh: token } : { token })
          if (status === 400) assert.equal(body.code, 'validation_failed', name)
          else assert.deepEqual([status, body.code], [401, 'token_not_valid'], `${path} ${name}`)
        }
      }
    })

    it('of one kind do not pass for the other, and none of all this ended a session', async () => {
      assert.equal((await bearer('GET', ME, refresh.genuine)).body.code, 'token_not_valid')
      assert.equal((await guest.post(REFRESH, { refresh: access.genuine })).body.code, 'token_not_valid')
      for (const token of [access.genuine, access.foreign]) assert.equal((await bearer('GET', ME, token)).status, 200)
      for (const token of [refresh.genuine, refresh.foreign]) {
        assert.equal((await guest.post(VERIFY, { token })).status, 200)
        assert.equal((await guest.post(REFRESH, { refresh: token })).status, 200)
      }
    })
  })
}
