import { assertSendable } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer, MailMessage } from '../message/mail-message.ts'

/** Where texts go: the standard output, or what a test puts in its place. */
export interface TextStream {
  write(text: string): unknown
}

/** Shows messages instead of sending them, for development: their headers and their text, which has every link. */
export class ConsoleMailer implements Mailer {
  readonly #stream: TextStream
  #isClosed = false

  constructor(stream: TextStream = process.stdout) {
    this.#stream = stream
  }

  async send(message: MailMessage): Promise<void> {
    assertSendable(message)
    if (this.#isClosed) throw new MailError('unreachable', 'The mailer is closed')
    const { from, to, subject, text, messageId } = message
    const headers = `From: ${from}\nTo: ${to}\nSubject: ${subject}\nMessage-ID: <${messageId}>`
    // In one piece: other lines of the log would come between.
    this.#stream.write(`${headers}\n\n${text.trimEnd()}\n${'-'.repeat(79)}\n`)
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }
}
