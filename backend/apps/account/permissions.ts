import { allowAny, isAuthenticated } from '@bailiwick/kit/auth'

/** Everyone may sign in; what follows is for those who have. */
export const AccountPermissions = {
  login: allowAny,
  refresh: allowAny,
  jwks: allowAny,
  logout: isAuthenticated,
  me: isAuthenticated,
  reauthenticate: isAuthenticated,
  secondFactor: isAuthenticated,
}
