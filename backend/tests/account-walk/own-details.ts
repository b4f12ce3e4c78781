import type { Chapter } from './chapter.ts'

/** A picture of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export const ownDetails: Chapter = {
  title: 'Own details',
  about: 'What people see and change of themselves; see [accounts](accounts.md).',
  walk: async ({ site: { walker }, state: { access: token } }) => {
    await walker.send('PATCH', '/api/account/me/', {
      title: 'Change own details',
      token,
      body: { time_zone: 'Asia/Riyadh', phone: '+966 55 123 4567' },
    })
    await walker.send('GET', '/api/account/profile/', { title: 'Own details, without the businesses', token })
    await walker.send('PATCH', '/api/account/profile/', {
      title: 'What cannot be taken is told by field',
      status: 400,
      token,
      body: { language: 'fr', time_zone: 'Riyadh', role: 'admin' },
    })
    const picture = new FormData()
    picture.set('avatar', new Blob([Buffer.from(PIXEL, 'base64')], { type: 'image/png' }), 'me.png')
    await walker.send('PUT', '/api/account/avatar/', { title: 'Set the own picture', token, body: picture })
    await walker.send('GET', '/api/account/avatar/', { title: 'The own picture, as WebP', token })
    const { body: me } = await walker.send('GET', '/api/account/me/', { token })
    await walker.send('GET', `/api/account/users/${me.data.user.id}/avatar/`, {
      title: 'The picture of somebody in the same business',
      token,
    })
    await walker.send('DELETE', '/api/account/avatar/', { title: 'Remove the own picture', token })
  },
}
