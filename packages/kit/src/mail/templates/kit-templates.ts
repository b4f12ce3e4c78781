import type { NewOutboxEntry } from '../outbox/outbox.ts'

/** The messages that the kit sends, with the values that each is given. */
export const KIT_TEMPLATES = {
  verify_email: ['name', 'link', 'token'],
  already_registered: ['name', 'link'],
  reset_password: ['name', 'link', 'token'],
  password_changed: ['name'],
  confirm_new_email: ['name', 'link', 'token', 'email'],
  email_change_requested: ['name', 'email'],
  email_changed: ['name', 'email'],
  account_locked: ['name', 'until', 'link'],
  new_device: ['name'],
  two_factor_enabled: ['name'],
  two_factor_disabled: ['name'],
  recovery_code_used: ['name', 'left'],
  passkey_added: ['name', 'passkey'],
  passkey_removed: ['name', 'passkey'],
  email_code: ['name', 'code'],
  invitation: ['business', 'inviter', 'role', 'link', 'token'],
  two_factor_reset: ['name', 'business'],
  role_changed: ['name', 'business', 'role'],
  removed_from_business: ['name', 'business'],
  impersonated: ['name', 'reason', 'until'],
  api_key_created: ['name', 'business', 'key'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type KitTemplate = keyof typeof KIT_TEMPLATES

/** Values that a message shows if it is given them: from where, with what and when (ISO 8601) something was done. */
export const OPTIONAL_VALUES = ['ip', 'device', 'at'] as const

type ValuesOf<Name extends KitTemplate> = Readonly<Record<(typeof KIT_TEMPLATES)[Name][number], string>> & {
  readonly [Value in (typeof OPTIONAL_VALUES)[number]]?: string | null
}

export interface KitMail<Name extends KitTemplate> {
  readonly to: string
  /** `en`, `ar`, or another that the project has templates in. */
  readonly language: string
  readonly values: ValuesOf<Name>
}

/**
 * The entry of the outbox for one of the kit's messages, its values checked by the compiler.
 *
 * `outbox.add(tx, kitMail('password_changed', { to: user.email, language: user.language, values: { name: user.name } }))`
 */
export function kitMail<Name extends KitTemplate>(
  template: Name,
  { to, language, values }: KitMail<Name>,
): NewOutboxEntry {
  const given = Object.entries<string | null | undefined>(values).filter(
    (entry): entry is [string, string] => !!entry[1],
  )
  return { topic: 'mail', payload: { template, to, language, values: Object.fromEntries(given) } }
}
