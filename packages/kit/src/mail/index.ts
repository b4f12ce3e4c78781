export { ConsoleMailer } from './drivers/console-mailer.ts'
export { createMailer } from './drivers/create-mailer.ts'
export { DummyMailer } from './drivers/dummy-mailer.ts'
export { FileMailer } from './drivers/file-mailer.ts'
export { MemoryMailer } from './drivers/memory-mailer.ts'
export { SmtpMailer } from './drivers/smtp-mailer.ts'
export type { SmtpOptions } from './drivers/smtp-session.ts'
export { assertSendable } from './message/assert-sendable.ts'
export { MailError, type MailFailure } from './message/mail-error.ts'
export type { Mailer, MailMessage } from './message/mail-message.ts'
export { maskAddress, maskAddresses } from './message/mask-address.ts'
export { createOutbox, type NewOutboxEntry, type OpenOutbox, type Outbox, type OutboxOptions } from './outbox/outbox.ts'
export { OutboxEntry } from './outbox/outbox-entry.ts'
export type { OutboxHandler, OutboxHandlers } from './outbox/outbox-handler.ts'
export { type OutboxState, outboxState, retryFailedEntries } from './outbox/outbox-state.ts'
export { createOutboxWorker, type OutboxWorker, type OutboxWorkerOptions } from './outbox/outbox-worker.ts'
export type { OutboxLog, WorkParts } from './outbox/work-entry.ts'
export { KIT_TEMPLATES, type KitMail, type KitTemplate, kitMail } from './templates/kit-templates.ts'
export { MailTemplateError } from './templates/mail-template-error.ts'
export {
  createMailTemplates,
  type MailTemplates,
  type MailTemplatesOptions,
  type RenderOptions,
} from './templates/mail-templates.ts'
export type { RenderedMail } from './templates/render-message.ts'
