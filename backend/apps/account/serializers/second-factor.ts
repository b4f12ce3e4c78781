import { boolean, json, longText, positiveInteger, text } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'
import { TrustedDevice } from '../models.ts'

const challengeField = () =>
  text({
    max: 100,
    writeOnly: true,
    example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
    help: 'The token of the challenge.',
  })
const codeField = (help: string, example = '492039') => text({ max: 40, writeOnly: true, example, help })

export const SecondStepSerializer = serializer('SecondStep', {
  fields: {
    challenge: challengeField(),
    code: codeField('Six digits: of the authenticator app, or from the e-mail.').optional(),
    recovery_code: codeField('In any case, with or without dashes.', '7jgp-3589-eax9').optional(),
    remember_device: boolean({ help: 'Spares this device the second factor for 30 days.' }).default(false),
  },
})

export const ChallengeTokenSerializer = serializer('ChallengeToken', { fields: { challenge: challengeField() } })

export const SecondFactorStatusSerializer = serializer('SecondFactorStatus', {
  fields: {
    enabled: boolean({ help: 'Whether sign-ins need a second step.' }),
    totp: boolean({ help: 'Whether there is an authenticator app.' }),
    passkeys: positiveInteger(),
    recovery_codes_left: positiveInteger(),
    trusted_devices: positiveInteger(),
    session_has_second_factor: boolean({ help: 'Whether this session was begun with one.' }),
    required: boolean({ help: 'Whether the business is kept from this session until one is enrolled.' }),
  },
})

export const TotpSetupSerializer = serializer('TotpSetup', {
  fields: {
    secret: text({ max: 64, example: 'QOT6L4FKYIG6PX2XWZFZEIE5A4WEPAJ3', help: 'In Base32, for typing it in.' }),
    otpauth_uri: text({
      max: 1000,
      example: 'otpauth://totp/Acme:asha%40acme.test?issuer=Acme&secret=QOT6L4FKYIG6PX2XWZFZEIE5A4WEPAJ3',
      help: 'What the QR code says; a link that opens the app on a phone.',
    }),
    qr_svg: longText({ help: 'The QR code, as the markup of an SVG.' }),
    qr_png: longText({ help: 'The same as a PNG, in a `data:` address.' }),
  },
})

export const TotpCodeSerializer = serializer('TotpCode', {
  fields: { code: codeField('Six digits: what the app shows now.') },
})

export const RecoveryCodesSerializer = serializer('RecoveryCodes', {
  fields: { recovery_codes: json({ help: 'Ten codes, each good once. They are never shown again.' }) },
})

export const TrustedDeviceSerializer = serializer(TrustedDevice, {
  fields: ['id', 'ip', 'user_agent', 'created_at', 'last_used_at', 'expires_at'],
})
