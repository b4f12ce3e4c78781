import type { Chapter } from './chapter.ts'
import { signInElsewhere } from './second-factor.ts'

export const credentials: Chapter = {
  title: 'Passwords and addresses',
  about:
    'Whoever may read the mail of an address may set a new password; the second factor is asked for as before. See [accounts](accounts.md) and [passwords](passwords.md).',
  walk: async ({ site, state }) => {
    const { walker, mail } = site
    await walker.send('POST', '/api/account/password/change/', {
      title: 'Change the password',
      token: state.access,
      body: { old_password: state.password, password: 'nine-goats-in-a-barn' },
    })
    state.password = 'nine-goats-in-a-barn'
    await walker.send('POST', '/api/account/email/change/', {
      title: 'Ask for another address',
      status: 202,
      token: state.access,
      body: { email: 'nadia.rahman@riverside.example' },
    })
    const token = await mail.nextToken('nadia.rahman@riverside.example', 'confirm-email')
    await walker.send('POST', '/api/account/email/change/confirm/', {
      title: 'Confirm the new address',
      token: state.access,
      body: { token },
    })
    state.email = 'nadia.rahman@riverside.example'
    await walker.send('POST', '/api/account/password/reset/', {
      title: 'Ask for a new password',
      status: 202,
      body: { email: state.email },
    })
    const reset = { token: await mail.nextToken(state.email, 'reset-password'), password: 'twelve-owls-at-midnight' }
    await walker.send('POST', '/api/account/password/reset/confirm/', { title: 'Set a new password', body: reset })
    state.password = reset.password
    await walker.send('POST', '/api/account/password/reset/confirm/', {
      title: 'A link is good once',
      status: 400,
      body: reset,
    })
    await walker.send('GET', '/api/account/me/', {
      title: 'Then every token from before is dead',
      status: 401,
      token: state.access,
    })
    await walker.send('POST', '/api/account/refresh/', { status: 401, body: { refresh: state.refresh } })
    const { access, refresh } = await signInElsewhere({ site, state })
    Object.assign(state, { access, refresh })
  },
}
