import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import {
  type MadeUser,
  type TestClient,
  type TestProject,
  type TestResponse,
  testDatabases,
} from '@bailiwick/kit/testing'
import { Totp } from '../models.ts'

export const LOGIN = '/api/account/login/'
export const SECOND_FACTOR = '/api/account/login/second-factor/'
export const EMAIL_CODE = '/api/account/login/email-code/'
export const TWO_FACTOR = '/api/account/2fa/'

export const sources = testDatabases()

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What an authenticator app shows now, or so many half minutes later: reckoned apart from the kit, by RFC 6238. */
export function codeOf(secret: string, later = 0): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** A user with an authenticator app. */
export interface Enrolled {
  readonly user: MadeUser
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  /** In the session in which it was enrolled. */
  readonly client: TestClient
}

/** Enrols an authenticator app over HTTP. */
export async function enrol(app: TestProject, user: MadeUser): Promise<Enrolled> {
  const client = await app.as(user)
  const { secret } = (await client.post(`${TWO_FACTOR}setup/`)).body.data
  const answer = await client.post(`${TWO_FACTOR}verify/`, { code: codeOf(secret) })
  assert.equal(answer.status, 200, answer.text)
  await forgetSteps(app, user)
  return { user, secret, recoveryCodes: answer.body.data.recovery_codes, client }
}

/** Lets the code of this half minute be taken again, where a test cannot wait for the next. */
export async function forgetSteps(app: TestProject, { id }: Pick<MadeUser, 'id'>): Promise<void> {
  await app.context().query(Totp).filter({ user: id }).update({ last_step: 0n })
}

/** The first step of a sign-in. */
export function login(app: TestProject, { email, password }: MadeUser, more: object = {}): Promise<TestResponse> {
  return app.guest.post(LOGIN, { email, password, ...more })
}

/** The token of the challenge that a sign-in is answered with. */
export async function challengeOf(app: TestProject, user: MadeUser): Promise<string> {
  const { body, text } = await login(app, user)
  assert.ok(body.data.challenge, text)
  return body.data.challenge.token
}
