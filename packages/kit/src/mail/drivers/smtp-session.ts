import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { addressIn, nameIn } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { MailMessage } from '../message/mail-message.ts'
import { smtpFailure } from './smtp-failure.ts'

/** How many time limits a message may take from connecting to the last answer, however lively the server is. */
const LONGEST_IN_TIMEOUTS = 4

export interface SmtpOptions {
  readonly host: string
  readonly port: number
  /** Empty: the server asks for none. */
  readonly user: string
  readonly password: string
  /** Turns the connection to TLS before anything is sent, and sends nothing if that fails (STARTTLS). */
  readonly useTls: boolean
  /** TLS from the first byte. */
  readonly useSsl: boolean
  /** For each step: to connect, to be greeted, to be answered. */
  readonly timeoutMs: number
  /** Certificates that are trusted beside those of the system, for a server with one of its own. */
  readonly ca?: string
}

export interface Parcel {
  readonly from: string
  readonly to: string
  readonly content: Buffer
}

/** One connection, for one message. */
export class SmtpSession {
  readonly #connection: SMTPConnection
  readonly #options: SmtpOptions
  readonly #broken = Promise.withResolvers<never>()

  constructor(options: SmtpOptions) {
    this.#options = options
    this.#connection = new SMTPConnection(connectionOptions(options))
    this.#connection.on('error', (error: Error) => this.#broken.reject(smtpFailure(error)))
    this.#connection.on('end', () => this.breakOff('The server closed the connection'))
    // It may break before anyone waits for it, or after.
    this.#broken.promise.catch(() => {})
  }

  async send(parcel: Parcel): Promise<void> {
    const { timeoutMs } = this.#options
    const deadline = setTimeout(() => this.breakOff('The server took too long'), timeoutMs * LONGEST_IN_TIMEOUTS)
    try {
      await Promise.race([this.#deliver(parcel), this.#broken.promise])
    } finally {
      clearTimeout(deadline)
    }
  }

  breakOff(reason: string): void {
    this.#broken.reject(new MailError('unreachable', reason))
    this.#connection.close()
  }

  end(): void {
    this.#connection.quit()
    // A server that answers nothing would keep it open.
    setTimeout(() => this.#connection.close(), 1000).unref()
  }

  async #deliver({ from, to, content }: Parcel): Promise<void> {
    const connection = this.#connection
    const { user, password } = this.#options
    await settled((done) => connection.connect(done))
    if (user !== '') await settled((done) => connection.login({ user, pass: password }, done))
    // The parts are encoded in 7 bits; an address in another script needs SMTPUTF8, which the connection asks for itself.
    await settled((done) => connection.send({ from, to: [to], size: content.length }, content, done))
  }
}

function connectionOptions({ host, port, useTls, useSsl, timeoutMs, ca }: SmtpOptions) {
  return {
    host,
    port,
    secure: useSsl,
    requireTLS: useTls,
    ignoreTLS: !useTls,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // A server that does not hang up is not waited for.
    socketCloseTimeout: 500,
    tls: { minVersion: 'TLSv1.2' as const, ...(ca !== undefined && { ca }) },
  }
}

function settled(step: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    step((error) => (error ? reject(smtpFailure(error)) : resolve()))
  })
}

/** The message in the encoding of SMTP. */
export function encodedMessage({ from, to, subject, text, html, messageId }: MailMessage): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: nameIn(from), address: addressIn(from) },
    to: { name: '', address: to },
    subject,
    text,
    ...(html !== undefined && { html }),
    messageId: `<${messageId}>`,
    // No automatic answer is wanted (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
