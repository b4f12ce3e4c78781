import { passwordField, ROLES } from '@bailiwick/kit/auth'
import { boolean, choice, datetime, email, longText, slug, text, uuid } from '@bailiwick/kit/db'
import { listOf, orNull, serializer } from '@bailiwick/kit/rest'

const token = (help: string) => text({ max: 4000, help })

export const CredentialsSerializer = serializer('Credentials', {
  fields: { email: email({ help: 'In any case.' }), password: passwordField() },
})

export const RefreshSerializer = serializer('Refresh', {
  fields: {
    refresh: longText({ max: 4000, writeOnly: true, help: 'The refresh token of the last sign-in or refresh.' }),
  },
})

const TOKENS = {
  access: token('Goes into the header `Authorization: Bearer …`.'),
  refresh: token('Gives a new pair, once.'),
}

export const TokenPairSerializer = serializer('TokenPair', { fields: TOKENS })

/** What users see of themselves. */
export const MeSerializer = serializer('Me', {
  fields: {
    id: uuid(),
    email: email(),
    name: text(),
    is_superuser: boolean({ help: 'May enter every business.' }),
    last_login: datetime().optional(),
  },
})

/** A business that the user may work in. */
export const OwnBusinessSerializer = serializer('OwnBusiness', {
  fields: { id: uuid(), name: text(), slug: slug(), role: choice(ROLES, { help: 'What the user is there.' }) },
})

const PROFILE = {
  user: MeSerializer,
  /** The business that the session works in. */
  business: orNull(OwnBusinessSerializer),
  businesses: listOf(OwnBusinessSerializer),
}

export const ProfileSerializer = serializer('Profile', { fields: PROFILE })

export const SignInSerializer = serializer('SignIn', { fields: { ...TOKENS, ...PROFILE } })
