import { router } from '@bailiwick/kit/rest'
import { deviceViews, TrustedDevices } from './views/devices.ts'
import { secondFactorViews } from './views/second-factor.ts'
import { signInViews } from './views/sign-in.ts'
import { tokenViews } from './views/tokens.ts'

/** Serves `/api/account/login/` and the like. */
export const accountRouter = router('account', { devices: TrustedDevices }, [
  ...signInViews,
  ...tokenViews,
  ...secondFactorViews,
  ...deviceViews,
])
