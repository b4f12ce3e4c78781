import { atLeast, isAuthenticated } from '@bailiwick/kit/auth'

/** Which businesses the signed-in may enter, the switch decides by their memberships. */
export const BusinessPermissions = {
  switch: isAuthenticated,
  apiKeys: atLeast('admin'),
  security: atLeast('admin'),
}
