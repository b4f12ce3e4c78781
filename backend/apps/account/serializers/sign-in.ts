import { passwordField, ROLES, SECOND_FACTOR_METHODS, TRANSPORTS } from '@bailiwick/kit/auth'
import { boolean, choice, datetime, email, longText, multiChoice, slug, text, uuid } from '@bailiwick/kit/db'
import { listOf, orNull, serializer } from '@bailiwick/kit/rest'

const token = (help: string) => text({ max: 4000, example: 'eyJhbGciOiJIUzI1NiIs…', help }).optional()

/** How the client wants its tokens. */
export const transportField = () =>
  choice(TRANSPORTS, {
    help: '`cookies`: for pages in browsers. The tokens come in cookies, not in the answer.',
  }).default('bearer')

export const CredentialsSerializer = serializer('Credentials', {
  fields: {
    email: email({ help: 'In any case.' }),
    password: passwordField(),
    transport: transportField(),
    device_token: text({
      max: 100,
      writeOnly: true,
      example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
      help: 'Of a trusted device: it is not asked for the second factor. With cookies it is in one of them.',
    }).optional(),
  },
})

export const ReauthenticateSerializer = serializer('Reauthenticate', {
  fields: {
    password: passwordField().optional(),
    code: text({
      max: 40,
      writeOnly: true,
      example: '492039',
      help: 'Of the authenticator app, in place of the password.',
    }).optional(),
  },
})

export const RefreshSerializer = serializer('Refresh', {
  fields: {
    refresh: longText({
      max: 4000,
      writeOnly: true,
      example: 'eyJhbGciOiJIUzI1NiIs…',
      help: 'The refresh token of the last sign-in or refresh. Left out where it is in a cookie.',
    }).optional(),
  },
})

const csrfToken = () =>
  text({ max: 100, help: 'With cookies: goes into the header `X-CSRFToken` of what changes something.' }).optional()

export const CsrfSerializer = serializer('Csrf', { fields: { csrf_token: csrfToken() } })

/** What `deliverTokens` gives. */
export const TOKENS = {
  access: token('Goes into the header `Authorization: Bearer …`.'),
  refresh: token('Gives a new pair, once.'),
  csrf_token: csrfToken(),
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
  second_factor_required: boolean({
    help: 'The business wants a second factor, and the session has none: enrol one, and the same tokens work in it.',
  }),
}

/** What is asked of a user who has given their password. */
export const ChallengeSerializer = serializer('Challenge', {
  fields: {
    token: text({
      max: 100,
      example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
      help: 'Opens the second step of this sign-in, and nothing else.',
    }),
    methods: multiChoice(SECOND_FACTOR_METHODS, { help: 'The ways to take the second step.' }),
    expires_at: datetime(),
  },
})

/** Tokens; or, where a second factor is needed, a challenge and nothing else. */
export const SignInSerializer = serializer('SignIn', {
  fields: {
    ...TOKENS,
    ...PROFILE,
    user: orNull(MeSerializer),
    challenge: orNull(ChallengeSerializer),
    device_token: text({
      max: 100,
      example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
      help: 'Spares the device the second factor. Shown once.',
    }).optional(),
  },
})
