import { router } from '@bailiwick/kit/rest'
import { login, logout, me, refresh } from './views.ts'

/** Serves `/api/account/login/` and the like. */
export const accountRouter = router('account', [login, refresh, logout, me])
