import { router } from '@bailiwick/kit/rest'
import { avatarViews } from './views/avatars.ts'
import { credentialViews } from './views/credentials.ts'
import { deviceViews, TrustedDevices } from './views/devices.ts'
import { ownAccountViews } from './views/own-account.ts'
import { registrationViews } from './views/registration.ts'
import { secondFactorViews } from './views/second-factor.ts'
import { ActiveSessions, sessionViews } from './views/sessions.ts'
import { signInViews } from './views/sign-in.ts'
import { tokenViews } from './views/tokens.ts'

/** Serves `/api/account/login/` and the like. */
export const accountRouter = router('account', { devices: TrustedDevices, sessions: ActiveSessions }, [
  ...registrationViews,
  ...signInViews,
  ...tokenViews,
  ...sessionViews,
  ...credentialViews,
  ...ownAccountViews,
  ...avatarViews,
  ...secondFactorViews,
  ...deviceViews,
])
