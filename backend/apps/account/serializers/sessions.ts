import { TRANSPORTS } from '@bailiwick/kit/auth'
import { boolean, choice, datetime, longText, positiveInteger, text, uuid } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'

/** A session as its user sees it. */
export const ActiveSessionSerializer = serializer('ActiveSession', {
  fields: {
    id: uuid(),
    device: text({ help: 'Such as `Firefox on Windows`.' }).optional(),
    ip: text({ help: 'From where it was begun.' }).optional(),
    created_at: datetime(),
    last_used_at: datetime({ help: 'Exact to five minutes.' }),
    expires_at: datetime({ help: 'When it ends unless it is refreshed.' }),
    is_current: boolean({ help: 'Whether it is the session that asks.' }),
    has_second_factor: boolean({ help: 'Whether it was begun with a second factor.' }),
    is_impersonated: boolean({ help: 'Whether a superuser works as the user in it.' }),
    transport: choice(TRANSPORTS),
    business: uuid({ help: 'Where it works.' }).optional(),
    business_name: text().optional(),
  },
})

export const EndedSessionsSerializer = serializer('EndedSessions', {
  fields: { ended: positiveInteger({ help: 'How many sessions were ended.' }) },
})

export const TokenSerializer = serializer('Token', {
  fields: { token: longText({ max: 4000, writeOnly: true, help: 'An access token or a refresh token.' }) },
})
