import type { Chapter } from './chapter.ts'
import { FRONTEND } from './site.ts'

export const signingIn: Chapter = {
  title: 'Signing in and out',
  about:
    'Tokens travel in headers and bodies, or in cookies; see [sign-in](sign-in.md), [sessions](sessions.md) and [cookies and CSRF](cookies-and-csrf.md).',
  walk: async ({ site: { walker }, state }) => {
    const { email, password } = state
    const credentials = { email, password }
    const { body: first } = await walker.send('POST', '/api/account/login/', { title: 'Sign in', body: credentials })
    await walker.send('POST', '/api/account/login/', {
      title: 'What a wrong password answers, and an unknown address',
      status: 401,
      body: { email, password: 'not-the-password' },
    })
    const { body: renewed } = await walker.send('POST', '/api/account/refresh/', {
      title: 'Renew the tokens',
      body: { refresh: first.data.refresh },
    })
    Object.assign(state, renewed.data)
    const token = state.access
    await walker.send('POST', '/api/account/token/verify/', { title: 'Ask whether a token is good', body: { token } })
    await walker.send('GET', '/api/account/me/', { title: 'Who is signed in', token })
    await walker.send('POST', '/api/account/reauthenticate/', {
      title: 'Prove again who one is',
      token,
      body: { password },
    })
    await walker.send('GET', '/api/account/jwks/', { title: 'The public keys of the tokens' })
    await walker.send('POST', '/api/business/switch/', {
      title: 'Enter another business',
      token,
      body: { business: first.data.business.id },
    })
    const { body: other } = await walker.send('POST', '/api/account/login/', { body: credentials })
    await walker.send('POST', '/api/account/logout/', { title: 'Sign out', token: other.data.access })
    const { headers } = await walker.send('POST', '/api/account/login/', {
      title: 'Sign in with cookies',
      headers: { Origin: FRONTEND },
      body: { ...credentials, transport: 'cookies' },
    })
    const cookie = headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ')
    await walker.send('GET', '/api/account/csrf/', {
      title: 'The CSRF token of a cookie session',
      headers: { Cookie: cookie },
    })
  },
}
