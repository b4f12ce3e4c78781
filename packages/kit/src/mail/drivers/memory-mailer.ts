import { assertSendable } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer, MailMessage } from '../message/mail-message.ts'

const MOST_KEPT = 1000

/** Keeps messages in the process, for tests: the last thousand of them. */
export class MemoryMailer implements Mailer {
  readonly #messages: MailMessage[] = []
  #isClosed = false

  get messages(): readonly MailMessage[] {
    return this.#messages
  }

  async send(message: MailMessage): Promise<void> {
    assertSendable(message)
    if (this.#isClosed) throw new MailError('unreachable', 'The mailer is closed')
    this.#messages.push(message)
    if (this.#messages.length > MOST_KEPT) this.#messages.shift()
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }
}
