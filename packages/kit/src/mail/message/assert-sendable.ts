import { MailError } from './mail-error.ts'
import type { MailMessage } from './mail-message.ts'

// Control characters other than those in a body: they end a header, or a command of SMTP, and begin another.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/
const ADDRESS = /^[^\s<>(),;:\\"@[\]]{1,64}@[^\s<>(),;:\\"@]{1,253}$|^"[^"\r\n\\]{0,62}"@[^\s<>(),;:\\"@]{1,253}$/
const LONGEST_SUBJECT = 500

/**
 * Sees that a message says what its sender meant: that nothing in it begins a header of its own or adds a receiver. Every
 * driver asks it first.
 *
 * @throws {MailError} `refused`
 */
export function assertSendable({ from, to, subject, messageId }: MailMessage): void {
  for (const [header, value] of Object.entries({ From: from, To: to, Subject: subject, 'Message-ID': messageId })) {
    if (CONTROL.test(value)) throw refusal(`Header values can't contain newlines: ${header}`)
  }
  if (!ADDRESS.test(to)) throw refusal('The receiver must be one address, without a name')
  if (!ADDRESS.test(addressIn(from))) throw refusal(`DEFAULT_FROM_EMAIL holds no address: ${JSON.stringify(from)}`)
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(messageId)) throw refusal('The message id must be of the form id@domain')
  if (subject.trim() === '' || subject.length > LONGEST_SUBJECT) {
    throw refusal(`The subject must have 1 to ${LONGEST_SUBJECT} characters`)
  }
}

/** The address of `Acme <no-reply@acme.example>`. */
export function addressIn(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim()
}

/** The name of `Acme <no-reply@acme.example>`, or nothing. */
export function nameIn(from: string): string {
  const name = /^(.*?)\s*<[^<>]*>\s*$/.exec(from)?.[1] ?? ''
  return name.replace(/^"(.*)"$/, '$1')
}

const refusal = (reason: string): MailError => new MailError('refused', reason)
