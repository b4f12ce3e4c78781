import assert from 'node:assert/strict'
import type { Chapter } from './chapter.ts'
import { signInElsewhere } from './second-factor.ts'

export const sessions: Chapter = {
  title: 'Sessions',
  about: 'Where one is signed in, and how to end it from afar; see [sessions](sessions.md).',
  walk: async (walk) => {
    const { site, state } = walk
    const { walker } = site
    const { access: token } = state
    for (const _ of 'ab') await signInElsewhere(walk)
    const { body: list } = await walker.send('GET', '/api/account/sessions/', {
      title: 'Where one is signed in',
      token,
    })
    const other = list.data.find((session: { is_current: boolean }) => !session.is_current)
    const path = `/api/account/sessions/${other.id}/`
    await walker.send('GET', path, { title: 'Show a session', token })
    await walker.send('DELETE', path, { title: 'End a session', token })
    await walker.send('GET', path, { status: 404, token })
    const { body: ended } = await walker.send('POST', '/api/account/sessions/end-others/', {
      title: 'End the other sessions',
      token,
    })
    assert.ok(ended.data.ended > 0)
    const { body: left } = await walker.send('GET', '/api/account/sessions/', { token })
    assert.equal(left.data.length, 1)
  },
}
