import { ROLES } from '@bailiwick/kit/auth'
import { boolean, choice, multiChoice, slug, text, uuid } from '@bailiwick/kit/db'
import { orNull, serializer } from '@bailiwick/kit/rest'
import { SecurityEvent } from '../account/models.ts'

export const SwitchSerializer = serializer('Switch', {
  fields: { business: uuid({ help: 'One of the `businesses` of the sign-in.' }) },
})

/** The business that the new tokens are for. */
export const EnteredBusinessSerializer = serializer('EnteredBusiness', {
  fields: { id: uuid(), name: text(), slug: slug(), role: choice(ROLES, { help: 'What the user is there.' }) },
})

export const SwitchedSerializer = serializer('Switched', {
  fields: {
    access: text({ max: 4000, help: 'Goes into the header `Authorization: Bearer …`.' }).optional(),
    refresh: text({ max: 4000, help: 'Gives a new pair, once.' }).optional(),
    csrf_token: text({
      max: 100,
      help: 'With cookies: goes into the header `X-CSRFToken` of what changes something.',
    }).optional(),
    business: orNull(EnteredBusinessSerializer),
    second_factor_required: boolean({
      help: 'The business wants a second factor, and the session has none: enrol one, and the same tokens work in it.',
    }),
  },
})

/** What the business demands of those who sign in to it. */
export const BusinessSecuritySerializer = serializer('BusinessSecurity', {
  fields: {
    two_factor_roles: multiChoice(ROLES, { help: 'Who works here in one of these roles needs a second factor.' }),
    allows_email_code: boolean({ help: 'Whether a code sent by e-mail may stand for the second factor.' }),
  },
})

/** What happened to accounts inside the business. */
export const BusinessSecurityEventSerializer = serializer(SecurityEvent, {
  name: 'BusinessSecurityEvent',
  fields: ['id', 'at', 'kind', 'user', 'actor', 'session', 'ip', 'user_agent', 'details'],
})
