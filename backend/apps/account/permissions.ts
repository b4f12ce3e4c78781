import { allowAny, isAuthenticated, isMember, isPerson } from '@bailiwick/kit/auth'

/** Everyone may sign in; what follows is for those who have. */
export const AccountPermissions = {
  login: allowAny,
  refresh: allowAny,
  jwks: allowAny,
  verify: allowAny,
  sessions: isPerson,
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
