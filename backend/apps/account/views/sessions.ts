import { clientOf, forgetCookies, principalOf } from '@bailiwick/kit/auth'
import { view, viewset } from '@bailiwick/kit/rest'
import { Session } from '../models.ts'
import { AccountPermissions } from '../permissions.ts'
import { ActiveSessionSerializer, EndedSessionsSerializer } from '../serializers/sessions.ts'
import { describeSessions } from '../services.ts'

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Where the user is signed in. Each may be ended, and is worth nothing at once. */
export const ActiveSessions = viewset(Session, {
  only: ['list', 'retrieve', 'destroy'],
  serializer: ActiveSessionSerializer,
  permissions: AccountPermissions.sessions,
  defaultOrdering: ['-last_used_at'],
  filters: [],
  ordering: ['last_used_at', 'created_at'],
  expand: {},
  description: 'Where the user is signed in.',
  filterRows: ({ principal, ctx }) => ({
    user: principal?.userId ?? NOBODY,
    ended_at__isnull: true,
    expires_at__gt: new Date(ctx.store.clock.now()),
  }),
  present: (ctx, rows, { principal }) => describeSessions(ctx, rows, principal?.sessionId ?? NOBODY),
  performDestroy: ({ id }, { request }) =>
    request.server.auth.sessions.end(principalOf(request), { session: id, client: clientOf(request) }),
  messages: { destroy: 'Session ended' },
})

const endOthers = view({
  method: 'POST',
  path: 'sessions/end-others/',
  name: 'sessions_end_others',
  summary: 'End the other sessions',
  description: 'Ends every session of the user but the one that asks.',
  permission: AccountPermissions.sessions,
  response: EndedSessionsSerializer,
  message: 'Other sessions ended',
  run: async ({ request }) => {
    const ended = await request.server.auth.sessions.endOthers(principalOf(request), clientOf(request))
    return { ended }
  },
})

const logoutAll = view({
  method: 'POST',
  path: 'logout-all/',
  name: 'logout_all',
  summary: 'Sign out everywhere',
  description: 'Ends every session of the user, the one that asks too.',
  permission: AccountPermissions.sessions,
  response: EndedSessionsSerializer,
  message: 'Signed out everywhere',
  run: async ({ request, reply }) => {
    const ended = await request.server.auth.sessions.endAll(principalOf(request), clientOf(request))
    forgetCookies(request, reply)
    return { ended }
  },
})

export const sessionViews = [endOthers, logoutAll]
