import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readSettings } from './read-settings.ts'

const PRIVATE = { type: 'pkcs8', format: 'pem' } as const
const PUBLIC = { type: 'spki', format: 'pem' } as const
const ed = generateKeyPairSync('ed25519')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' })
const edPem = ed.privateKey.export(PRIVATE).toString()
const ecPem = ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString()

const read = (environment: Record<string, string>) => readSettings({ DEBUG: '1', ...environment })

/** The names that stop the start. */
function refused(environment: Record<string, string>): string {
  try {
    read(environment)
  } catch (error) {
    assert.ok(error instanceof Error)
    assert.equal(/PRIVATE KEY|MC4CAQ/.test(error.message), false, 'a key is told')
    return error.message
  }
  return ''
}

describe('the keys in the settings', () => {
  it('are read from PEM, from PEM with \\n for its line breaks, and from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bw-pem-'))
    const path = join(folder, 'key.pem')
    writeFileSync(path, edPem)
    for (const JWT_PRIVATE_KEY of [edPem, edPem.replaceAll('\n', '\\n'), path]) {
      assert.equal(read({ JWT_ALGORITHM: 'EdDSA', JWT_PRIVATE_KEY }).secrets.jwtPrivateKey, edPem)
    }
    const half = ed.publicKey.export(PUBLIC).toString()
    const settings = read({
      JWT_ALGORITHM: 'ES256',
      JWT_PRIVATE_KEY: ecPem,
      JWT_PRIVATE_KEY_FALLBACKS: `${path}, ${half.replaceAll('\n', '\\n')}`,
    })
    assert.deepEqual(settings.secrets.jwtPrivateKeyFallbacks, [edPem, half])
    rmSync(folder, { recursive: true })
  })

  it('stop the start if they are missing, of another kind, public where a private one is wanted, or no keys', () => {
    const unfit = [
      '',
      'x',
      '/no/such/file.pem',
      edPem.slice(0, 60),
      ed.publicKey.export(PUBLIC).toString(),
      rsa.privateKey.export(PRIVATE).toString(),
      otherCurve.privateKey.export(PRIVATE).toString(),
      ecPem,
    ]
    for (const JWT_PRIVATE_KEY of unfit) {
      assert.match(refused({ JWT_ALGORITHM: 'EdDSA', JWT_PRIVATE_KEY }), /JWT_PRIVATE_KEY/, JWT_PRIVATE_KEY)
    }
    assert.match(refused({ JWT_PRIVATE_KEY_FALLBACKS: `${edPem},x` }), /JWT_PRIVATE_KEY_FALLBACKS/)
    assert.match(refused({ JWT_ALGORITHM: 'RS256' }), /JWT_ALGORITHM/)
  })

  it('a weak former secret stops the start without DEBUG, as a weak present one does', () => {
    const strong = 'k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1qWe4rT6y'
    const environment = {
      DEBUG: '',
      SECRET_KEY: strong,
      JWT_SECRET_KEY: strong,
      ALLOWED_HOSTS: 'x.test',
      EMAIL_BACKEND: 'dummy',
    }
    assert.equal(refused(environment), '')
    assert.equal(refused({ ...environment, JWT_SECRET_KEY_FALLBACKS: `${strong}1,${strong}2` }), '')
    for (const weak of ['short', 'a'.repeat(60), `${strong},change-me-${strong}`]) {
      assert.match(refused({ ...environment, JWT_SECRET_KEY_FALLBACKS: weak }), /JWT_SECRET_KEY_FALLBACKS/, weak)
    }
  })
})
