import { assertSendable } from '../message/assert-sendable.ts'
import type { Mailer, MailMessage } from '../message/mail-message.ts'

/** Sends nothing, for an installation that wants no mail. */
export class DummyMailer implements Mailer {
  async send(message: MailMessage): Promise<void> {
    assertSendable(message)
  }

  async close(): Promise<void> {}
}
