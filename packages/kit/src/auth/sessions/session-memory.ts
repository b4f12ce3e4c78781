import { type Clock, RecentMap } from '../../base/index.ts'
import type { TokenClaims, TokenSubject } from '../tokens/tokens.ts'
import type { LiveSession } from './live-session.ts'
import type { Revoked } from './revocation.ts'

interface Remembered extends LiveSession {
  readonly readAtMs: number
}

type SessionClaims = TokenSubject & Pick<TokenClaims, 'generation'>

export type SessionReader = (subject: TokenSubject) => Promise<LiveSession | null>

const MOST_SESSIONS = 10_000
const LONGEST_MS = 60_000

/** What this node remembers of live sessions, for a minute at the most. */
export class SessionMemory {
  readonly #clock: Clock
  readonly #read: SessionReader
  readonly #remembered = new RecentMap<string, Remembered>(MOST_SESSIONS)
  readonly #reading = new Map<string, Promise<LiveSession | null>>()
  #generation = 0

  constructor({ clock, read }: { readonly clock: Clock; readonly read: SessionReader }) {
    this.#clock = clock
    this.#read = read
  }

  /** The session of a token if it may go on, or null. A token that is newer than what is remembered makes it read anew. */
  async find(subject: SessionClaims): Promise<LiveSession | null> {
    const nowMs = this.#clock.now()
    const known = this.#remembered.get(subject.sessionId)
    const isKnown = known !== undefined && isFresh(known, nowMs) && known.generation >= subject.generation
    const session = isKnown ? known : await this.#load(subject)
    if (session === null) return null
    const isSame = session.principal.userId === subject.userId && session.business === subject.business
    return isSame ? session : null
  }

  forget({ kind, key }: Revoked): void {
    this.#doubtReads()
    if (kind === 'session') this.#remembered.delete(key)
    else if (kind === 'user') {
      this.#remembered.deleteWhere(({ principal }) => principal.userId === key || principal.impersonator === key)
    } else this.#remembered.deleteWhere(({ business }) => business === key)
  }

  forgetAll(): void {
    this.#doubtReads()
    this.#remembered.clear()
  }

  /** What is being read may be of before the revocation: nobody may join it, nor may it be remembered. */
  #doubtReads(): void {
    this.#generation += 1
    this.#reading.clear()
  }

  #load(subject: TokenSubject): Promise<LiveSession | null> {
    const key = `${subject.sessionId} ${subject.userId} ${subject.business}`
    const reading = this.#reading.get(key)
    if (reading) return reading
    const started = this.#readAndRemember(subject).finally(() => {
      if (this.#reading.get(key) === started) this.#reading.delete(key)
    })
    this.#reading.set(key, started)
    return started
  }

  async #readAndRemember(subject: TokenSubject): Promise<LiveSession | null> {
    const generation = this.#generation
    const readAtMs = this.#clock.now()
    const session = await this.#read(subject)
    if (session !== null && generation === this.#generation) {
      this.#remembered.set(subject.sessionId, { ...session, readAtMs })
    }
    return session
  }
}

function isFresh({ readAtMs, expiresAtMs }: Remembered, nowMs: number): boolean {
  const ageMs = nowMs - readAtMs
  return ageMs >= 0 && ageMs < LONGEST_MS && nowMs < expiresAtMs
}
