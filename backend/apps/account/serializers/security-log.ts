import { serializer } from '@bailiwick/kit/rest'
import { SecurityEvent } from '../models.ts'

/** What happened to the own account. */
export const OwnSecurityEventSerializer = serializer(SecurityEvent, {
  name: 'OwnSecurityEvent',
  fields: ['id', 'at', 'kind', 'actor', 'business', 'session', 'ip', 'user_agent', 'details'],
})
