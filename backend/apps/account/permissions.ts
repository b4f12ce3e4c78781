import { allowAny, atLeast, isAuthenticated, isMember, isPerson, isSuperuser, not } from '@bailiwick/kit/auth'

/** Everyone may sign in; what follows is for those who have. */
export const AccountPermissions = {
  login: allowAny,
  refresh: allowAny,
  jwks: allowAny,
  verify: allowAny,
  sessions: isPerson,
  devices: isPerson,
  passkeys: isPerson,
  logout: isAuthenticated,
  me: isAuthenticated,
  memberAvatar: isMember,
  register: allowAny,
  resetPassword: allowAny,
  changePassword: isAuthenticated,
  changeEmail: isAuthenticated,
  /** The link is opened from the new address: perhaps where nobody is signed in. */
  confirmEmail: allowAny,
  reauthenticate: isAuthenticated,
  secondFactor: isAuthenticated,
}

const admin = atLeast('admin')

/** Managers see who works in their business; admins say who does. */
export const UsersPermissions = {
  admin,
  viewset: {
    default: admin,
    list: atLeast('manager'),
    retrieve: atLeast('manager'),
    // Whoever has left is nobody of the business any more: the bin is not shown.
    restore: not(allowAny),
  },
  signedIn: isAuthenticated,
  superuser: isSuperuser,
  everyone: allowAny,
}
