import { ApiError } from '../../base/index.ts'
import type { Permission, PermissionSubject } from './permission.ts'

/** Why the subject may not do this, or null if it may as far as can be told without a row. */
export function refuse(permission: Permission, subject: PermissionSubject): ApiError | null {
  return permission.allows(subject) ? null : refusalOf(permission, subject)
}

/** Why the subject may not do this to that row, or null if it may. */
export function refuseObject(
  permission: Permission,
  subject: PermissionSubject,
  row: Readonly<Record<string, unknown>>,
): ApiError | null {
  return permission.allowsObject(subject, row) ? null : refusalOf(permission, subject)
}

function refusalOf({ needsBusiness }: Permission, { principal }: PermissionSubject): ApiError {
  if (principal === null) return new ApiError('not_authenticated')
  if (!needsBusiness || principal.business !== null) return new ApiError('permission_denied')
  return new ApiError(principal.lacksSecondFactor ? 'second_factor_required' : 'business_required')
}
