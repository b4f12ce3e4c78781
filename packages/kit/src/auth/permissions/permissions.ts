import { type Permission, permission } from './permission.ts'
import { hasRole, type Role } from './principal.ts'

/** Everyone, signed in or not. Such an endpoint takes a token that is not valid for none at all. */
export const allowAny: Permission = permission({ name: 'allowAny', allows: () => true })

/** Everyone who is signed in. */
export const isAuthenticated: Permission = permission({
  name: 'isAuthenticated',
  allows: ({ principal }) => principal !== null,
})

/** Everyone who is signed in as themselves: no program with an API key, and nobody who works as another. */
export const isPerson: Permission = permission({
  name: 'isPerson',
  allows: ({ principal }) => principal !== null && principal.apiKey === null && principal.impersonator === null,
})

/** Everyone who works in a business, in any role. */
export const isMember: Permission = permission({
  name: 'isMember',
  needsBusiness: true,
  allows: ({ principal }) => principal !== null && principal.business !== null && principal.role !== null,
})

/** Superusers, who stand above businesses. */
export const isSuperuser: Permission = permission({
  name: 'isSuperuser',
  allows: ({ principal }) => principal?.isSuperuser === true,
})

/** Everyone who works in a business in this role or a higher one. */
export function atLeast(role: Role): Permission {
  return permission({
    name: `atLeast(${role})`,
    needsBusiness: true,
    allows: ({ principal }) => principal !== null && principal.business !== null && hasRole(principal.role, role),
  })
}

/** Whoever the row says in `field`, which holds the id of a user: by default, who made it. */
export function isOwner(field = 'created_by'): Permission {
  return permission({
    name: `isOwner(${field})`,
    allows: ({ principal }) => principal !== null,
    allowsObject: ({ principal }, row) => principal !== null && row[field] === principal.userId,
  })
}
