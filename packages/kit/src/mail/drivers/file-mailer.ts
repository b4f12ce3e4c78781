import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, systemClock } from '../../base/index.ts'
import { assertSendable } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer, MailMessage } from '../message/mail-message.ts'
import { mimeText } from '../message/mime-text.ts'

/**
 * Writes each message to a file of its own, `<date>-<time>-<id>.eml`, which mail programs open. Only the owner of the
 * process may read them: they hold links that sign people in.
 */
export class FileMailer implements Mailer {
  readonly #folder: string
  readonly #clock: Clock
  #isClosed = false

  constructor({ folder, clock = systemClock }: { readonly folder: string; readonly clock?: Clock }) {
    this.#folder = folder
    this.#clock = clock
  }

  async send(message: MailMessage): Promise<void> {
    assertSendable(message)
    if (this.#isClosed) throw new MailError('unreachable', 'The mailer is closed')
    const date = new Date(this.#clock.now())
    const stamp = date.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').replace('.', '-').slice(0, 19)
    const path = join(this.#folder, `${stamp}-${fileNameOf(message.messageId)}.eml`)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeWhole(path, mimeText(message, date))
    } catch (error) {
      throw new MailError('unreachable', `Cannot write to EMAIL_FILE_PATH: ${reasonOf(error)}`)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }
}

/** Whoever watches the folder sees a message only once it is whole. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await writeFile(unfinished, text, { mode: 0o600 })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** A message id may hold what the system takes for a path. */
function fileNameOf(messageId: string): string {
  return (
    messageId
      .split('@', 1)[0]
      ?.replaceAll(/[^A-Za-z0-9-]/g, '_')
      .slice(0, 100) ?? ''
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
