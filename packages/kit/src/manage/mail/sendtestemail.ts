import { hostname } from 'node:os'
import { newId } from '../../base/index.ts'
import { createMailer, MailError } from '../../mail/index.ts'
import { CommandError } from '../command-error.ts'
import type { Project } from '../project.ts'
import { servingSettings } from '../project-settings.ts'

/** Sends a message to each address, at once and past the outbox. @throws {CommandError} that tells why one could not be sent */
export async function sendTestEmail(project: Project, addresses: readonly string[]): Promise<void> {
  // As the server would: a place for mail that is missing is not made up.
  const { email } = servingSettings(project)
  const mailer = createMailer(email)
  const subject = `Test email from ${hostname()} on ${new Date().toISOString()}`
  const text = "If you're reading this, it was successful.\n"
  try {
    for (const to of addresses) {
      await mailer.send({ from: email.from, to, subject, text, messageId: `${newId()}@${hostname()}` })
      if (email.backend !== 'console') console.log(`Sent to ${to} by ${email.backend}.`)
    }
  } catch (cause) {
    if (!(cause instanceof MailError)) throw cause
    throw new CommandError(`Cannot send by ${email.backend}: ${cause.message}`, { cause })
  } finally {
    await mailer.close()
  }
}
