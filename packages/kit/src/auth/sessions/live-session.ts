import type { BoundStatement } from '../../db/index.ts'
import {
  type AnyModel,
  type Condition,
  createContext,
  plainSpec,
  type RowObject,
  readRow,
  resolvePath,
  rowMembers,
  type SelectSpec,
  type Store,
  selectStatement,
  shapeOfSpec,
  valuesOfSpec,
} from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { Principal, Role, Transport } from '../permissions/principal.ts'
import type { TokenSubject } from '../tokens/tokens.ts'

/** A session that may go on, as the database has it. */
export interface LiveSession {
  readonly principal: Principal
  /** The business of the session; its principal has none while a second factor is lacking. */
  readonly business: string | null
  readonly expiresAtMs: number
  /** How often it has been refreshed. */
  readonly generation: number
  /** Changes when this node writes of its use. */
  readonly use: SessionUse
}

/** What is written about a session because it is used. */
export interface SessionUse {
  /** Whether the refresh token before the present one may still be retried. */
  mayBeRetried: boolean
  lastUsedAtMs: number
  /** Writes that the pair has arrived, for all requests that come meanwhile. */
  arriving: Promise<void> | null
}

export interface LiveSessionOptions {
  readonly store: Store
  readonly models: AuthModels
  readonly nowMs: number
}

interface Wanted {
  readonly spec: SelectSpec
  readonly business: string | null
}

/**
 * Reads a session with its user, its business and the membership that ties them, in one round trip where the database
 * can. Null if it has ended or expired, the user or the business is inactive, or the membership is gone.
 */
export async function findLiveSession(
  subject: TokenSubject,
  { store, models, nowMs }: LiveSessionOptions,
): Promise<LiveSession | null> {
  const wanted = wantedOf(store, models, subject)
  const outcomes = await store.database.pipeline(wanted.map((each) => statementOf(store, each)))
  const [session, business, membership] = wanted.map(({ spec }, at) => {
    const raw = outcomes[at]?.rows[0]
    return raw ? readRow(raw, rowMembers(store.registry, spec), store.database.dialect) : null
  })
  if (!session || session.business !== subject.business || session.ended_at !== null) return null
  const user = session.user as UserColumns // as: the spec asks for these
  const expiresAtMs = millisecondsOf(session.expires_at)
  if (user.id !== subject.userId || !user.is_active || expiresAtMs <= nowMs) return null
  if (subject.business !== null && business?.is_active !== true) return null
  const role = roleOf(user, subject, membership ?? null)
  if (subject.business !== null && role === null) return null
  const standing = { role, ...standingOf(session) }
  if (standing.impersonator !== null && !(await mayImpersonate(store, models, standing.impersonator))) return null
  const lacksSecondFactor = !standing.hasSecondFactor && needsSecondFactor(business ?? null, role)
  // Without it the session is as one without a business: the user may enrol, and no more.
  const place = lacksSecondFactor ? { business: null, role: null } : { business: subject.business, role }
  return {
    principal: principalOf(user, subject, { ...standing, ...place, lacksSecondFactor }),
    business: subject.business,
    expiresAtMs,
    generation: session.generation as number, // as: an integer
    use: useOf(session),
  }
}

/** Whoever works as another does so as long as they are a superuser themselves. */
async function mayImpersonate(store: Store, models: AuthModels, id: string): Promise<boolean> {
  const ctx = createContext(store, { actor: id, business: null, requestId: 'session' })
  return ctx.query(models.user).filter({ id, is_active: true, is_superuser: true }).exists()
}

interface UserColumns {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly is_active: boolean
  readonly is_superuser: boolean
}

const USER_COLUMNS = ['id', 'email', 'name', 'is_active', 'is_superuser'] as const satisfies (keyof UserColumns)[]

const SESSION_COLUMNS = [
  'business',
  'created_at',
  'authenticated_at',
  'expires_at',
  'ended_at',
  'has_second_factor',
  'impersonator',
  'transport',
  'generation',
  'previous_hash',
  'last_used_at',
] as const

function wantedOf(store: Store, models: AuthModels, { userId, sessionId, business }: TokenSubject): Wanted[] {
  const session: SelectSpec = {
    ...plainSpec(asAny(models.session)),
    columns: SESSION_COLUMNS,
    conditions: [isEqual(store, asAny(models.session), { name: 'id', value: sessionId })],
    expansions: [{ name: 'user', columns: USER_COLUMNS }],
  }
  if (business === null) return [{ spec: session, business: null }]
  const active: SelectSpec = {
    ...plainSpec(asAny(models.business)),
    columns: ['is_active', 'two_factor_roles'],
    conditions: [isEqual(store, asAny(models.business), { name: 'id', value: business })],
  }
  const membership: SelectSpec = {
    ...plainSpec(asAny(models.membership)),
    columns: ['role', 'is_active'],
    conditions: [isEqual(store, asAny(models.membership), { name: 'user', value: userId })],
  }
  // The membership alone belongs to the business; the others are read outside any, as nobody has been let in yet.
  return [
    { spec: session, business: null },
    { spec: active, business: null },
    { spec: membership, business },
  ]
}

const asAny = (model: unknown): AnyModel => model as AnyModel // as: the models of AuthModels are made by model()

function isEqual(store: Store, model: AnyModel, { name, value }: { name: string; value: string }): Condition {
  const path = resolvePath(store.registry, model, name)
  return { path, operator: 'exact', values: [value], foldsUnicode: false }
}

function statementOf(store: Store, { spec, business }: Wanted): BoundStatement {
  const reach = business === null ? 'none' : 'business'
  const plan = store.plan(shapeOfSpec(spec), reach, () => selectStatement(store, spec))
  return { statement: plan.statement, params: plan.bind(valuesOfSpec(spec, business)), business }
}

function roleOf(user: UserColumns, { business }: TokenSubject, membership: RowObject | null): Role | null {
  if (business === null) return null
  if (user.is_superuser) return 'admin'
  return membership?.is_active === true ? (membership.role as Role) : null // as: the field has these choices
}

function needsSecondFactor(business: RowObject | null, role: Role | null): boolean {
  const roles = (business?.two_factor_roles ?? []) as readonly Role[] // as: the field has these choices
  return role !== null && roles.includes(role)
}

type Proof = Pick<Principal, 'authenticatedAtMs' | 'hasSecondFactor' | 'impersonator' | 'transport'>
type Standing = Proof & Pick<Principal, 'business' | 'role' | 'lacksSecondFactor'>

function standingOf(session: RowObject): Proof {
  const { authenticated_at, created_at, has_second_factor, impersonator, transport } = session
  return {
    authenticatedAtMs: millisecondsOf(authenticated_at ?? created_at),
    hasSecondFactor: has_second_factor === true,
    impersonator: impersonator as string | null, // as: a uuid that may be null
    transport: transport as Transport, // as: the field has these choices
  }
}

const millisecondsOf = (value: unknown): number => (value as Date).getTime() // as: a datetime of the row

function useOf({ previous_hash, last_used_at }: RowObject): SessionUse {
  return { mayBeRetried: previous_hash !== null, lastUsedAtMs: millisecondsOf(last_used_at), arriving: null }
}

function principalOf(user: UserColumns, { sessionId }: TokenSubject, standing: Standing): Principal {
  const { id: userId, email, name, is_superuser: isSuperuser } = user
  return Object.freeze({ userId, sessionId, isSuperuser, email, name, ...standing, apiKey: null })
}
