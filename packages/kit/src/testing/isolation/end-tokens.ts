import { setTimeout } from 'node:timers/promises'
import { Revocation } from '../../auth/index.ts'
import { newId } from '../../base/index.ts'
import { type AnyModel, type Context, createContext } from '../../db/index.ts'
import type { BuiltServer } from '../../manage/index.ts'
import { TestClient } from '../test-client.ts'
import { isBusiness, isUser } from './cast.ts'
import { CASTINGS } from './clients.ts'
import { linksOf } from './model-order.ts'
import type { Population } from './populate.ts'

export interface EndingParts {
  readonly built: BuiltServer
  /** Where it is served; null: by nobody who would remember a session. */
  readonly url: string | null
  readonly population: Population
}

/** Longer than a server goes on by what it remembers. */
const HEARD_MS = 600

/** Ends the tokens that are to be dead, while the server remembers their sessions: it must forget them. */
export async function endTokens({ built, url, population }: EndingParts): Promise<void> {
  const endings = CASTINGS.filter(({ end }) => end !== undefined)
  const probe = built.endpoints.find(({ method, path }) => method === 'GET' && !path.includes(':'))
  for (const { name } of endings) {
    const { token = null } = population.tokens.get(name) ?? {}
    if (probe && url !== null) await new TestClient(url, token).get(probe.path)
  }
  const outside = createContext(built.store, { actor: null, business: null, requestId: newId() })
  for (const { name, business, end } of endings) {
    const userId = population.ids.get(name) ?? ''
    const businessId = business === null ? '' : population.businesses[business]
    await ENDINGS[end ?? 'session'](outside, { userId, businessId })
    await outside.query(Revocation).create({ at: new Date(), ...revokedBy(end, { userId, businessId }) })
  }
  if (url !== null) await setTimeout(HEARD_MS)
}

interface Ended {
  readonly userId: string
  readonly businessId: string
}

const revokedBy = (end: string | undefined, { userId, businessId }: Ended) =>
  end === 'business' ? ({ kind: 'business', key: businessId } as const) : ({ kind: 'user', key: userId } as const)

type Ending = (outside: Context, ended: Ended) => Promise<unknown>

const ENDINGS: Readonly<Record<'membership' | 'session' | 'user' | 'business', Ending>> = {
  membership: async (outside, { userId, businessId }) => {
    const inside = createContext(outside.store, { actor: null, business: businessId, requestId: newId() })
    for (const link of linksOf(outside.store.registry)) await rowsOf(inside, link, { user: userId }).delete()
  },
  session: (outside, { userId }) =>
    rowsOf(
      outside,
      modelWith(outside, ({ columns }) => columns.has('refresh_hash')),
      { user: userId },
    ).update({
      ended_at: new Date(),
    } as never), // as: the session model that auth works with has it
  user: (outside, { userId }) =>
    rowsOf(outside, modelWith(outside, isUser), { id: userId }).update({ is_active: false } as never), // as: so has the user
  business: (outside, { businessId }) =>
    rowsOf(outside, modelWith(outside, isBusiness), { id: businessId }).update({ is_active: false } as never), // as: and this
}

function modelWith({ store }: Context, isWanted: (model: AnyModel) => boolean): AnyModel {
  const found = store.registry.models.find(isWanted)
  if (!found) throw new TypeError('The project lacks a model that signing in works with')
  return found
}

// as: the filter of a model that is known at run time
const rowsOf = (ctx: Context, model: AnyModel, filter: object) => ctx.query(model).filter(filter as never)
