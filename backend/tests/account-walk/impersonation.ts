import type { Chapter } from './chapter.ts'
import { accessOf } from './site.ts'

export const impersonation: Chapter = {
  title: 'Impersonation',
  about:
    'Superusers may work as somebody for a while, for a reason that is told; see [impersonation](impersonation.md).',
  walk: async ({ site, state: { access } }) => {
    const { walker } = site
    const { body: me } = await walker.send('GET', '/api/account/me/', { token: access })
    const { body: working } = await walker.send('POST', '/api/account/impersonate/', {
      title: 'Work as somebody',
      token: await accessOf(site, 'root@demo.test'),
      body: {
        user: me.data.user.id,
        business: me.data.business.id,
        reason: 'She asked the help desk why a client is missing',
        minutes: 10,
      },
    })
    const token = working.data.access
    await walker.send('GET', '/api/account/me/', { title: 'Then both are named', token })
    await walker.send('POST', '/api/account/2fa/disable/', {
      title: 'What protects the account is out of reach',
      status: 403,
      token,
    })
    await walker.send('POST', '/api/account/logout/', { token })
  },
}
