import { atLeast, isMember } from '@bailiwick/kit/auth'

/** Every member reads, agents write, managers delete and restore. */
export const ClientPermissions = {
  list: isMember,
  retrieve: isMember,
  create: atLeast('agent'),
  update: atLeast('agent'),
  partial_update: atLeast('agent'),
  destroy: atLeast('manager'),
  restore: atLeast('manager'),
}
