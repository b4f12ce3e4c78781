import type { Attack } from './attack.ts'
import { UUIDS } from './known-ids.ts'
import type { Treasure } from './treasure.ts'
import type { Answer, SentRequest } from './wire.ts'
import type { World } from './world.ts'

/** What an answer gives away or should not be, in words; null: nothing. */
export function faultOf(attack: Attack, { sent, answer, world, treasure }: Judged): string | null {
  const { status, body } = answer
  if (status >= 500 && status !== 503) return `answers ${status}: ${body.slice(0, 200)}`
  const given = treasure.givenAwayBy(answer, sent)
  if (given !== null) return `gives away ${JSON.stringify(given)}: ${status} ${around(body, given)}`
  return faultOfAccess(attack, { answer, world })
}

export interface Judged {
  readonly sent: SentRequest
  readonly answer: Answer
  readonly world: World
  readonly treasure: Treasure
}

function around(body: string, word: string): string {
  const at = Math.max(0, body.indexOf(word))
  return body.slice(Math.max(0, at - 80), at + 120)
}

/** What the permission and the token say, against what was answered. */
function faultOfAccess(attack: Attack, { answer, world }: Pick<Judged, 'answer' | 'world'>): string | null {
  const { endpoint, client, expects } = attack
  const { status, body } = answer
  const { permission, action, method } = endpoint
  const credential = world.credentials.get(client)
  const isOpen = permission.name === 'allowAny'
  if (credential?.isDead && !isOpen && status !== 401) return `takes a dead token: ${status} ${body.slice(0, 200)}`
  const subject = { principal: credential?.principal ?? null, action, method }
  const isAllowed = permission.allows(subject)
  const isRefused = status === 401 || status === 403
  if (!isAllowed && !isRefused)
    return `lets through whom ${permission.name} does not allow: ${status} ${body.slice(0, 200)}`
  // Asking for the bin takes a right of its own, and so may a row.
  const asksForBin = attack.query.some(([name]) => name === 'deleted')
  const mayBeRefused = isOpen || permission.needsObject || asksForBin || isOwnRefusal(endpoint, body)
  if (isAllowed && isRefused && !mayBeRefused)
    return `keeps out whom ${permission.name} allows: ${status} ${body.slice(0, 200)}`
  if (status === 200 && showsBin(attack) && !mayRestore(attack, world)) {
    return `shows the bin to who may not restore: ${body.slice(0, 200)}`
  }
  if (expects !== undefined && isAllowed && !isRefused && !expects.includes(status)) {
    return `answers ${status} where ${expects.join(' or ')} is due: ${body.slice(0, 200)}`
  }
  return null
}

/** Whether an endpoint says itself that it refuses so: of whoever may call it, it may want a password or a code. */
function isOwnRefusal({ errors }: Attack['endpoint'], body: string): boolean {
  return errors.some((code) => body.includes(`"code":"${code}"`))
}

const showsBin = ({ query }: Attack): boolean =>
  query.some(([name, value]) => name === 'deleted' && (value === 'only' || value === 'with'))

function mayRestore({ endpoint, client }: Attack, { built, credentials }: World): boolean {
  const restore = built.endpoints.find(({ path }) => path === `${endpoint.path}:id/restore/`)
  const principal = credentials.get(client)?.principal ?? null
  return restore?.permission.allows({ principal, action: restore.action, method: restore.method }) ?? true
}

/** What tells two worlds apart that differ only in what the attacker must not see; null: nothing does. */
export function differenceOf(one: readonly [World, Answer], other: readonly [World, Answer]): string | null {
  const [first, second] = [canonical(one), canonical(other)]
  if (first === second) return null
  const at = Array.from(first).findIndex((letter, index) => letter !== second[index])
  const from = Math.max(0, at - 60)
  return `tells the worlds ${one[0].variant} and ${other[0].variant} apart: …${first.slice(from, at + 100)}… against …${second.slice(from, at + 100)}…`
}

/** What an answer says, with names for the ids that differ anyhow. Tokens are different every time. */
function canonical([world, { status, headers, body }]: readonly [World, Answer]): string {
  const { date: _date, 'content-length': _length, connection: _connection, ...told } = headers
  const text = `${status} ${JSON.stringify(told)} ${body}`
  const alike = text
    .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, '«token»')
    .replace(RANDOM, '$1«random»')
    .replace(USED_AT, '$1«moment»')
    .replace(API_KEYS, '«key»')
  return withNumberedIds(world.ids.named(alike))
}

/** When a session was last used is noted now and then, which does not fall on the same request in every world. */
const USED_AT = /("last_used_at":)"[^"]*"/g

/** What is drawn anew for each answer: challenges of 32 bytes, secrets of authenticator apps, recovery codes. */
const RANDOM =
  /("(?:challenge|token|csrf_token|device_token|secret|otpauth_uri|qr_svg|qr_png)":|"recovery_codes":)(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/g

/** API keys, and what is shown of them ever after. */
const API_KEYS = /bwk_[\w-]{22}_\w{1,32}_[\w-]{43}_\w{7}|(?<="prefix":")[a-z0-9]{12}(?=","role":)/g

/**
 * Rows that an app makes by itself, as by a hook, have ids of their own in each world: they count by their places. An id
 * of the victim is looked for before that.
 */
function withNumberedIds(text: string): string {
  const numbers = new Map<string, number>()
  return text.replace(UUIDS, (id) => {
    const number = numbers.get(id) ?? numbers.size + 1
    numbers.set(id, number)
    return `«id ${number}»`
  })
}
