import { router } from '@bailiwick/kit/rest'
import { signInViews } from './views/sign-in.ts'

/** Serves `/api/account/login/` and the like. */
export const accountRouter = router('account', [...signInViews])
