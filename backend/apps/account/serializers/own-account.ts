import { userFields } from '@bailiwick/kit/auth'
import { boolean, email, text, uuid } from '@bailiwick/kit/db'
import { listOf, orNull, serializer } from '@bailiwick/kit/rest'
import { OwnBusinessSerializer } from './sign-in.ts'

const { name, phone, language, time_zone, is_superuser, last_login } = userFields()

/** What users see of themselves. */
export const OwnDetailsSerializer = serializer('OwnDetails', {
  fields: {
    id: uuid(),
    email: email(),
    email_verified: boolean({ help: 'Whether somebody has shown that they read the mail of the address.' }),
    name,
    phone,
    language,
    time_zone,
    has_password: boolean({ help: 'Without one, the user signs in by a passkey.' }),
    has_second_factor: boolean({ help: 'Whether an authenticator app or a passkey is enrolled.' }),
    has_avatar: boolean(),
    is_superuser,
    last_login,
  },
})

/** What users may change of themselves. */
export const DetailChangesSerializer = serializer('DetailChanges', { fields: { name, phone, language, time_zone } })

/** The superuser who works as the user. */
export const ImpersonatorSerializer = serializer('Impersonator', {
  fields: { id: uuid(), email: email(), name: text() },
})

export const OwnAccountSerializer = serializer('OwnAccount', {
  fields: {
    user: OwnDetailsSerializer,
    /** The business that the session works in. */
    business: orNull(OwnBusinessSerializer),
    businesses: listOf(OwnBusinessSerializer),
    second_factor_required: boolean({
      help: 'The business wants a second factor, and the session has none: enrol one, and the same tokens work in it.',
    }),
    impersonator: orNull(ImpersonatorSerializer),
  },
})
