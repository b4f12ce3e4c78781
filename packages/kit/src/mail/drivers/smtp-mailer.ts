import { addressIn, assertSendable } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer, MailMessage } from '../message/mail-message.ts'
import type { SmtpOptions, SmtpSession } from './smtp-session.ts'

/** Sends by SMTP, each message on a connection of its own: none is left that the server may have closed meanwhile. */
export class SmtpMailer implements Mailer {
  readonly #options: SmtpOptions
  readonly #open = new Set<SmtpSession>()
  #isClosed = false

  constructor(options: SmtpOptions) {
    this.#options = options
  }

  async send(message: MailMessage): Promise<void> {
    assertSendable(message)
    this.#assertOpen()
    if (this.#options.host === '') throw new MailError('unreachable', 'EMAIL_HOST is not set')
    // Loaded with the first message: not every process sends one, and it takes longer to load than most of the server.
    const { encodedMessage, SmtpSession } = await import('./smtp-session.ts')
    const content = await encodedMessage(message)
    this.#assertOpen()
    const session = new SmtpSession(this.#options)
    this.#open.add(session)
    try {
      await session.send({ from: addressIn(message.from), to: message.to, content })
    } finally {
      session.end()
      this.#open.delete(session)
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new MailError('unreachable', 'The mailer is closed')
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const session of this.#open) session.breakOff('The mailer was closed')
  }
}
