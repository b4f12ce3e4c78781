import type { Database, DialectName } from '../../../db/index.ts'
import type { BuiltServer } from '../../../manage/index.ts'
import type { Router } from '../../../rest/index.ts'
import type { Attack } from '../attack.ts'
import type { World } from '../world.ts'

/** How often something that was planted came into play. */
export interface Occasions {
  count: number
}

/** What a plant may take a protection from, before the server listens. */
export interface PlantSite {
  readonly built: BuiltServer
  /** The ids of the businesses that the attacker and the victim work in. */
  readonly businesses: World['businesses']
  readonly occasions: Occasions
}

/**
 * One protection taken away, in the server of a test and nowhere else: what the kit runs in production has no switch for
 * it. The proof must turn red.
 */
export interface Plant {
  /** What is missing: `the predicate of a list`. */
  readonly name: string
  /** Takes it from the server: from its statements, its store, its hooks. */
  readonly inServer?: (site: PlantSite) => void
  /** Takes it from the tables of a throw-away database. */
  readonly inSchema?: (database: Database, occasions: Occasions) => Promise<void>
  /** Takes it from the declarations before they are served, and gives it back. */
  readonly inRouters?: (routers: readonly Router[], occasions: Occasions) => () => void
  /** On which databases it makes sense; all, unless it says so. */
  readonly dialects?: readonly DialectName[]
  /** Whether tokens must end while the server remembers them. */
  readonly endsTokensLate?: boolean
  /** Attacks to begin with. */
  readonly isLikely?: (attack: Attack) => boolean
}
