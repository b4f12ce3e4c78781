import { businessField, LANGUAGES, passwordField, userFields } from '@bailiwick/kit/auth'
import { boolean, choice, email, text } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'

const { name } = userFields()
const linkToken = () =>
  text({
    max: 100,
    writeOnly: true,
    example: 'JLgjxFIJQ9PNJKaYwypKB1LUPawqqgolS_9DxuvV5ws',
    help: 'What stands behind `token=` in the link.',
  })

export const RegistrationSerializer = serializer('Registration', {
  fields: {
    email: email({ help: 'In any case. The account is made once the link that is sent to it has been followed.' }),
    name,
    password: passwordField(),
    language: choice(LANGUAGES, { help: 'The language of e-mails.' }).default('en'),
    business: businessField({ help: 'A business to make along with the account, which is its admin.' }).optional(),
  },
})

/** An address that something is to be sent to. */
export const AddressSerializer = serializer('Address', { fields: { email: email({ help: 'In any case.' }) } })

export const NewEmailSerializer = serializer('NewEmail', {
  fields: { email: email({ help: 'The new address. A link goes to it, a notice to the present one.' }) },
})

export const LinkSerializer = serializer('Link', { fields: { token: linkToken() } })

/** Whose link it was. */
export const VerifiedEmailSerializer = serializer('VerifiedEmail', { fields: { email: email() } })

export const VerifiedAddressSerializer = serializer('VerifiedAddress', {
  fields: {
    email: email(),
    needs_password: boolean({
      help: 'Several had registered the address, with different passwords: none counts, and a link to choose one is on its way.',
    }),
  },
})

export const PasswordResetSerializer = serializer('PasswordReset', {
  fields: { token: linkToken(), password: passwordField() },
})

export const PasswordChangeSerializer = serializer('PasswordChange', {
  fields: { old_password: passwordField(), password: passwordField() },
})
