import type { Chapter } from './chapter.ts'

export const demands: Chapter = {
  title: 'What a business demands, and what happened in it',
  about:
    'A business may demand a second factor, and allow codes by e-mail; see [second factor](second-factor.md) and [security log](security-log.md).',
  walk: async ({ site: { walker, mail }, state }) => {
    const { email, password, access: token } = state
    const security = '/api/business/security/'
    await walker.send('GET', security, { title: 'What the business demands', token })
    await walker.send('PATCH', security, {
      title: 'Demand a second factor of roles, and allow codes by e-mail',
      token,
      body: { two_factor_roles: ['manager', 'admin'], allows_email_code: true },
    })
    const { body: login } = await walker.send('POST', '/api/account/login/', { body: { email, password } })
    const challenge = login.data.challenge.token
    await walker.send('POST', '/api/account/login/email-code/', {
      title: 'Ask for a code by e-mail',
      status: 202,
      body: { challenge },
    })
    const [, code] = await mail.next(email, /^\D*(\d{6})$/m)
    await walker.send('POST', '/api/account/login/second-factor/', {
      title: 'Take the second step with it',
      body: { challenge, code },
    })
    for (const [log, title] of [
      ['/api/account/security-log/', 'What happened to the own account'],
      ['/api/business/security-log/', 'What happened in the business'],
    ] as const) {
      const { body: events } = await walker.send('GET', `${log}?page_size=2`, { title, token })
      await walker.send('GET', `${log}${events.data[0].id}/`, { title: `${title}: one event`, token })
    }
  },
}
