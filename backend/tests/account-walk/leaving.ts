import type { Chapter } from './chapter.ts'

export const leaving: Chapter = {
  title: 'Taking away, and leaving',
  about: 'Without a factor the password alone signs in; the business may forbid that.',
  walk: async ({ site: { walker }, state: { access: token } }) => {
    await walker.send('POST', '/api/account/2fa/disable/', { title: 'Take the authenticator app away', token })
    await walker.send('POST', '/api/account/logout-all/', { title: 'Sign out everywhere', token })
    await walker.send('GET', '/api/account/me/', { status: 401, token })
  },
}
