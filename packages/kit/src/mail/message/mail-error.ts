import { maskAddresses } from './mask-address.ts'

/**
 * Why a message was not sent: `refused` for good, for what is in it or whom it is for; `deferred` by the server, which
 * may take it later; or `unreachable`, the server itself, whatever the message.
 */
export type MailFailure = 'refused' | 'deferred' | 'unreachable'

/** A message was not sent. Addresses are masked in the error's own message, since it goes to the log. */
export class MailError extends Error {
  readonly failure: MailFailure

  constructor(failure: MailFailure, reason: string) {
    super(maskAddresses(reason))
    this.name = 'MailError'
    this.failure = failure
  }
}
