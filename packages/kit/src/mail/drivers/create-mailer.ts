import type { Clock } from '../../base/index.ts'
import type { EmailSettings } from '../../settings/index.ts'
import type { Mailer } from '../message/mail-message.ts'
import { ConsoleMailer } from './console-mailer.ts'
import { DummyMailer } from './dummy-mailer.ts'
import { FileMailer } from './file-mailer.ts'
import { MemoryMailer } from './memory-mailer.ts'
import { SmtpMailer } from './smtp-mailer.ts'

/** The mailer that the settings name. */
export function createMailer(settings: EmailSettings, { clock }: { readonly clock?: Clock } = {}): Mailer {
  switch (settings.backend) {
    case 'smtp':
      return new SmtpMailer(settings)
    case 'console':
      return new ConsoleMailer()
    case 'file':
      return new FileMailer({ folder: settings.filePath, ...(clock && { clock }) })
    case 'memory':
      return new MemoryMailer()
    case 'dummy':
      return new DummyMailer()
  }
}
