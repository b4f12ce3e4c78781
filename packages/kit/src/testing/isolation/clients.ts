import type { Principal, Role } from '../../auth/index.ts'
import type { Side } from './cast.ts'

/** Who sends requests. Those of `DEAD` had a token once that is worth nothing any more. */
export const CLIENTS = [
  'guest',
  'outsider',
  'a/subscriber',
  'a/agent',
  'a/manager',
  'a/admin',
  'a/dual',
  'a/left',
  'b/left',
  'a/ended',
  'a/inactive',
  'd/member',
] as const

export type ClientName = (typeof CLIENTS)[number]

export interface Credential {
  readonly name: ClientName
  readonly token: string | null
  /** Whom the token stands for; null for a guest and for whoever's token is dead. */
  readonly principal: Principal | null
  readonly isDead: boolean
}

/** How a client came by its token. */
export interface Casting {
  readonly name: ClientName
  /** The business of the token; null: none. */
  readonly business: Side | 'd' | null
  /** What the user is, in which businesses. */
  readonly roles: Readonly<Partial<Record<Side | 'd', Role>>>
  /** What ends the token. */
  readonly end?: 'membership' | 'session' | 'user' | 'business'
}

/** Everybody but the guest. */
export const CASTINGS: readonly Casting[] = [
  { name: 'outsider', business: null, roles: {} },
  { name: 'a/subscriber', business: 'a', roles: { a: 'subscriber' } },
  { name: 'a/agent', business: 'a', roles: { a: 'agent' } },
  { name: 'a/manager', business: 'a', roles: { a: 'manager' } },
  { name: 'a/admin', business: 'a', roles: { a: 'admin' } },
  { name: 'a/dual', business: 'a', roles: { a: 'manager', c: 'admin' } },
  { name: 'a/left', business: 'a', roles: { a: 'agent' }, end: 'membership' },
  // Still belongs to the attacker's business: only the membership of the token's own business must count.
  { name: 'b/left', business: 'b', roles: { a: 'admin', b: 'admin' }, end: 'membership' },
  { name: 'a/ended', business: 'a', roles: { a: 'admin' }, end: 'session' },
  { name: 'a/inactive', business: 'a', roles: { a: 'admin' }, end: 'user' },
  { name: 'd/member', business: 'd', roles: { d: 'admin' }, end: 'business' },
]
