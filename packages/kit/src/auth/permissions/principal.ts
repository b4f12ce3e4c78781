/** What a member may be in a business, from the least to the most. */
export const ROLES = ['subscriber', 'agent', 'manager', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** How the tokens of a session travel: in headers and bodies, or in cookies that scripts cannot read. */
export const TRANSPORTS = ['bearer', 'cookies'] as const

export type Transport = (typeof TRANSPORTS)[number]

/** Who makes a request: a signed-in user, as the session says. */
export interface Principal {
  readonly userId: string
  readonly sessionId: string
  /** The business that the session works in; null before one was chosen. */
  readonly business: string | null
  /** What the user is in that business; null without one. A superuser is `admin` everywhere. */
  readonly role: Role | null
  readonly isSuperuser: boolean
  readonly email: string
  readonly name: string
  /** The tokens of a session are taken as they were given, and in no other way. */
  readonly transport: Transport
  /** When the user last proved who they are, beyond having the tokens. */
  readonly authenticatedAtMs: number
  /** Whether the session was begun with a second factor, or a passkey that counts as both. */
  readonly hasSecondFactor: boolean
  /** The id of the superuser who works as the user in this session. */
  readonly impersonator: string | null
  /** The key by which a program calls; null for people. */
  readonly apiKey: { readonly id: string; readonly scopes: readonly string[] } | null
  /** The business wants a second factor of this user, and the session has none: so it has no business. */
  readonly lacksSecondFactor: boolean
}

/** What a principal has besides who and where they are, for a person who has just signed in with a password alone. */
export const PLAIN_SIGN_IN = {
  transport: 'bearer',
  hasSecondFactor: false,
  impersonator: null,
  apiKey: null,
  lacksSecondFactor: false,
} as const satisfies Partial<Principal>

/** Whether a role has all that `least` has. */
export function hasRole(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least)
}
