import type { Chapter } from './chapter.ts'
import { codeOf } from './second-factor.ts'
import { accessOf, PASSWORD } from './site.ts'

const INVITATIONS = '/api/account/invitations/'

export const members: Chapter = {
  title: 'Users of a business',
  about:
    'Admins invite people and say what they are in the business; what people are elsewhere is not theirs to see. See [users](users.md).',
  walk: async ({ site, state: { access: token } }) => {
    const { walker, mail } = site
    const omar = 'omar@riverside.example'
    const { body: invited } = await walker.send('POST', INVITATIONS, {
      title: 'Invite somebody',
      status: 201,
      token,
      body: { email: omar, role: 'agent' },
    })
    await mail.nextToken(omar, 'accept-invitation')
    const invitation = `${INVITATIONS}${invited.data.id}/`
    await walker.send('POST', `${invitation}resend/`, { title: 'Send an invitation once more', token })
    const link = { token: await mail.nextToken(omar, 'accept-invitation') }
    await walker.send('POST', `${INVITATIONS}preview/`, { title: 'What an invitation is to', body: link })
    await walker.send('POST', `${INVITATIONS}accept/`, {
      title: 'Accept an invitation',
      body: { ...link, name: 'Omar Haddad', password: PASSWORD },
    })
    await walker.send('GET', INVITATIONS, { title: 'List the invitations', token })
    await walker.send('GET', invitation, { title: 'Show an invitation', token })
    const { body: other } = await walker.send('POST', '/api/account/users/', {
      title: 'Invite somebody, by another name',
      status: 201,
      token,
      body: { email: 'wrong-address@riverside.example', role: 'agent' },
    })
    await walker.send('POST', `${INVITATIONS}${other.data.id}/revoke/`, { title: 'Take an invitation back', token })

    const { body: users } = await walker.send('GET', '/api/account/users/?search=omar', {
      title: 'List the users of the business',
      token,
    })
    const user = `/api/account/users/${users.data[0].id}/`
    await walker.send('GET', user, { title: 'Show a user', token })
    await walker.send('PATCH', user, { title: 'Give a user another role', token, body: { role: 'manager' } })
    const omars = await accessOf(site, omar, PASSWORD)
    await walker.send('GET', INVITATIONS, {
      title: 'A manager invites nobody',
      status: 403,
      token: omars,
    })
    await walker.send('POST', `${user}unlock/`, { title: 'Unlock a user', token })
    const { body: setup } = await walker.send('POST', '/api/account/2fa/setup/', { token: omars })
    const code = codeOf({ totpSecret: setup.data.secret })
    await walker.send('POST', '/api/account/2fa/verify/', { token: omars, body: { code } })
    await walker.send('POST', `${user}reset-second-factor/`, {
      title: 'Take the second factor away from somebody who has lost it',
      token,
    })
    await walker.send('PUT', user, {
      title: 'Let a user in no more',
      token,
      body: { role: 'manager', is_active: false },
    })
    await walker.send('DELETE', user, { title: 'Take a user out of the business', token })
  },
}
