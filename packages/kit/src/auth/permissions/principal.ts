/** What a member may be in a business, from the least to the most. */
export const ROLES = ['subscriber', 'agent', 'manager', 'admin'] as const

export type Role = (typeof ROLES)[number]

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
}

/** Whether a role has all that `least` has. */
export function hasRole(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least)
}
