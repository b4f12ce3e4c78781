import { router } from '@bailiwick/kit/rest'
import { avatarViews } from './views/avatars.ts'
import { credentialViews } from './views/credentials.ts'
import { deviceViews, TrustedDevices } from './views/devices.ts'
import { impersonate } from './views/impersonate.ts'
import { InvitationViewSet, invitationViews } from './views/invitations.ts'
import { ownAccountViews } from './views/own-account.ts'
import { PasskeyViewSet, passkeyViews } from './views/passkeys.ts'
import { registrationViews } from './views/registration.ts'
import { secondFactorViews } from './views/second-factor.ts'
import { OwnSecurityLogViewSet } from './views/security-log.ts'
import { ActiveSessions, sessionViews } from './views/sessions.ts'
import { signInViews } from './views/sign-in.ts'
import { tokenViews } from './views/tokens.ts'
import { inviteUser, UsersViewSet } from './views/users.ts'

const viewsets = {
  devices: TrustedDevices,
  sessions: ActiveSessions,
  '2fa/passkeys': PasskeyViewSet,
  users: UsersViewSet,
  invitations: InvitationViewSet,
  'security-log': OwnSecurityLogViewSet,
}

/** Serves `/api/account/login/` and the like. */
export const accountRouter = router('account', viewsets, [
  ...registrationViews,
  ...signInViews,
  ...tokenViews,
  ...sessionViews,
  ...credentialViews,
  ...ownAccountViews,
  ...avatarViews,
  ...secondFactorViews,
  ...passkeyViews,
  ...deviceViews,
  ...invitationViews,
  inviteUser,
  impersonate,
])
