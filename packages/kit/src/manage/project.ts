import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Flushed, Role } from '../auth/index.ts'
import type { AnyModel, Context, HookDeclaration, Store } from '../db/index.ts'
import type { Mailer, OutboxWorker } from '../mail/index.ts'
import type { OpenApiInfo } from '../openapi/index.ts'
import type { Endpoint, Router } from '../rest/index.ts'
import type { Environment, Settings } from '../settings/index.ts'

/** A project as its commands and tests see it: what `manage.ts` hands over. Each part is loaded when it is needed. */
export interface Project {
  /** What the documentation says of the API. */
  readonly info: OpenApiInfo
  /** The folder of `manage.ts`; the apps are in `apps/` beside it. */
  readonly root: string
  /** The folders of `apps/` that are in use, in order. */
  readonly installedApps: readonly string[]
  /** @throws {SettingsError} */
  settings(environment: Environment): Settings
  routers(): Promise<readonly Router[]>
  buildServer(parts: ServerParts): Promise<BuiltServer>
  accounts(): Promise<Accounts>
  demo(): Promise<Demo>
}

export interface ServerParts {
  readonly settings: Settings
  readonly models: readonly AnyModel[]
  /** What the apps do along with changes of rows. */
  readonly hooks?: readonly HookDeclaration[]
  readonly logger?: FastifyBaseLogger
  /** What sends messages, if not what the settings name. */
  readonly mailer?: Mailer
}

/** A server that is ready to listen. Closing it closes what it has opened. */
export interface BuiltServer {
  readonly server: FastifyInstance
  readonly store: Store
  readonly endpoints: readonly Endpoint[]
  /** Empties the outbox. It begins by itself once the server listens. */
  readonly worker: OutboxWorker
  readonly mailer: Mailer
}

export interface NewUser {
  readonly email: string
  readonly name: string
  readonly password: string
  readonly isSuperuser?: boolean
}

export interface Named {
  readonly id: string
  readonly name: string
}

/** What commands and tests do with the accounts of a project. */
export interface Accounts {
  createUser(ctx: Context, user: NewUser): Promise<{ readonly id: string; readonly email: string }>
  findUser(ctx: Context, email: string): Promise<{ readonly id: string; readonly email: string } | null>
  /** Sets it, ends every session of the user, and unlocks the account. */
  changePassword(ctx: Context, userId: string, password: string, settings: Settings): Promise<void>
  /** What is wrong with a password, in words for the person who chose it. Empty: nothing. */
  passwordProblems(password: string, user: { readonly email: string; readonly name?: string }): readonly string[]
  /** Removes what can never be used again: expired sessions, links, codes, devices, counters. */
  flushExpired(ctx: Context, settings: Settings): Promise<Flushed>
  createBusiness(ctx: Context, business: { readonly name: string; readonly slug: string }): Promise<Named>
  findBusiness(ctx: Context, slug: string): Promise<Named | null>
  addMember(ctx: Context, member: NewMember): Promise<void>
}

export interface NewMember {
  readonly businessId: string
  readonly userId: string
  readonly role: Role
}

/** The data that a project shows itself with. */
export interface Demo {
  /** Adds what is missing; run again, it changes nothing. */
  load(ctx: Context): Promise<DemoSummary>
}

export interface DemoSummary {
  /** Lines such as `Acme Trading (acme): 200 clients`. */
  readonly contents: readonly string[]
  readonly signIns: readonly { readonly email: string; readonly role: string }[]
  readonly password: string
  /** The address that is worth opening or calling first. */
  readonly firstPath: string
}
