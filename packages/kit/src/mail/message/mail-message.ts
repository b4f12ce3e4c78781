/** A message to one person. */
export interface MailMessage {
  /** An address, with a name before it if it has one: `Acme <no-reply@acme.example>`. */
  readonly from: string
  /** One address, without a name. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /** Without angle brackets. The same at each attempt, so that a mailbox can tell that it has the message already. */
  readonly messageId: string
  /** What it was made from: for logs and tests, never sent. */
  readonly template?: string
}

/** Sends messages. One per process; safe for several messages at a time. */
export interface Mailer {
  /** Settles once the message is in the hands of whoever brings it on. @throws {MailError} */
  send(message: MailMessage): Promise<void>
  /** Breaks off what is being sent, and opens nothing any more. */
  close(): Promise<void>
}
