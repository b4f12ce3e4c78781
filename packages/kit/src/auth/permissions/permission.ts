import type { Principal } from './principal.ts'

/** What a permission looks at before any row is read. */
export interface PermissionSubject {
  /** Null: nobody is signed in. */
  readonly principal: Principal | null
  /** What is to be done: `list`, `partial_update`, or the name of an action. */
  readonly action: string
  readonly method: string
}

type Row = Readonly<Record<string, unknown>>

/** Says who may do what. Asked on every request, so it must not wait for anything. */
export interface Permission {
  readonly name: string
  /** Whether the answer depends on the row: then `allowsObject` must be asked as well. */
  readonly needsObject: boolean
  /** Whether only somebody in a business can be allowed. */
  readonly needsBusiness: boolean
  /** Whether the subject may be allowed: surely, or depending on the row. */
  allows(subject: PermissionSubject): boolean
  /** Whether the subject is allowed whatever the row. */
  allowsEvery(subject: PermissionSubject): boolean
  /** Whether the subject is allowed on this row. */
  allowsObject(subject: PermissionSubject, row: Row): boolean
}

export interface PermissionRules {
  readonly name: string
  /** Whether the subject passes, as far as can be told without a row. */
  readonly allows: (subject: PermissionSubject) => boolean
  /** Whether a subject that passes may touch this row. Left out: any. */
  readonly allowsObject?: (subject: PermissionSubject, row: Row) => boolean
  readonly needsBusiness?: boolean
}

/**
 * Makes a permission.
 *
 * @example
 * const isReading = permission({ name: 'isReading', allows: ({ method }) => method === 'GET' })
 * assert.equal(isReading.allows({ principal: null, action: 'list', method: 'GET' }), true)
 */
export function permission({ name, allows, allowsObject, needsBusiness = false }: PermissionRules): Permission {
  return Object.freeze({
    name,
    needsObject: allowsObject !== undefined,
    needsBusiness,
    allows,
    allowsEvery: allowsObject === undefined ? allows : () => false,
    allowsObject: (subject: PermissionSubject, row: Row) =>
      allows(subject) && (allowsObject === undefined || allowsObject(subject, row)),
  })
}

/**
 * Allows what all of the permissions allow.
 *
 * @example
 * assert.equal(and(isMember, isOwner('owner')).name, 'isMember and isOwner(owner)')
 */
export function and(...permissions: readonly [Permission, ...Permission[]]): Permission {
  return Object.freeze({
    name: joined(permissions, 'and'),
    needsObject: permissions.some(({ needsObject }) => needsObject),
    needsBusiness: permissions.some(({ needsBusiness }) => needsBusiness),
    allows: (subject: PermissionSubject) => permissions.every((each) => each.allows(subject)),
    allowsEvery: (subject: PermissionSubject) => permissions.every((each) => each.allowsEvery(subject)),
    allowsObject: (subject: PermissionSubject, row: Row) =>
      permissions.every((each) => each.allowsObject(subject, row)),
  })
}

/**
 * Allows what any of the permissions allows.
 *
 * @example
 * assert.equal(or(atLeast('manager'), isOwner('owner')).name, 'atLeast(manager) or isOwner(owner)')
 */
export function or(...permissions: readonly [Permission, ...Permission[]]): Permission {
  return Object.freeze({
    name: joined(permissions, 'or'),
    needsObject: permissions.some(({ needsObject }) => needsObject),
    needsBusiness: permissions.every(({ needsBusiness }) => needsBusiness),
    allows: (subject: PermissionSubject) => permissions.some((each) => each.allows(subject)),
    allowsEvery: (subject: PermissionSubject) => permissions.some((each) => each.allowsEvery(subject)),
    allowsObject: (subject: PermissionSubject, row: Row) => permissions.some((each) => each.allowsObject(subject, row)),
  })
}

/** Allows what the permission does not: before a row is known, all but those it allows on every row. */
export function not(denied: Permission): Permission {
  return Object.freeze({
    name: `not (${denied.name})`,
    needsObject: denied.needsObject,
    needsBusiness: false,
    allows: (subject: PermissionSubject) => !denied.allowsEvery(subject),
    allowsEvery: (subject: PermissionSubject) => !denied.allows(subject),
    allowsObject: (subject: PermissionSubject, row: Row) => !denied.allowsObject(subject, row),
  })
}

function joined(permissions: readonly Permission[], word: string): string {
  return permissions.map(({ name }) => (/ (and|or) /.test(name) ? `(${name})` : name)).join(` ${word} `)
}
