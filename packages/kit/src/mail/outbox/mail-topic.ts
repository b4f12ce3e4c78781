import type { Json } from '../../db/index.ts'
import { addressIn } from '../message/assert-sendable.ts'
import { MailError } from '../message/mail-error.ts'
import type { Mailer } from '../message/mail-message.ts'
import { maskAddress } from '../message/mask-address.ts'
import type { MailTemplates } from '../templates/mail-templates.ts'

/** The topic of messages to send. */
export const MAIL_TOPIC = 'mail'

/** From whom messages are. */
export interface Sender {
  /** `Acme <no-reply@acme.example>` */
  readonly from: string
  /** The name of the site, which every template may show. */
  readonly siteName: string
}

export interface SendMailParts {
  /** Of the entry: the same at each attempt. */
  readonly id: string
  readonly mailer: Mailer
  readonly templates: MailTemplates
  readonly sender: Sender
}

/** Renders and sends the message of an entry, and gives what the log may tell of it. @throws {MailError} */
export async function sendMail(
  payload: Json,
  { id, mailer, templates, sender }: SendMailParts,
): Promise<{ readonly template: string; readonly to: string }> {
  const { template, to, language, values } = mailPayload(payload)
  const content = templates.render(template, { language, values: { ...values, site_name: sender.siteName } })
  const domain = addressIn(sender.from).split('@').at(-1) ?? 'localhost'
  await mailer.send({ from: sender.from, to, ...content, messageId: `${id}@${domain}`, template })
  return { template, to: maskAddress(to) }
}

interface MailPayload {
  readonly template: string
  readonly to: string
  readonly language: string
  readonly values: Readonly<Record<string, string>>
}

function mailPayload(payload: Json): MailPayload {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    const { template, to, language, values } = payload as Readonly<Record<string, Json>> // as: objects of Json are records
    if (isText(template) && isText(to) && isText(language) && isTexts(values)) return { template, to, language, values }
  }
  throw new MailError('refused', 'The payload of a mail must be { template, to, language, values }, all values texts')
}

const isText = (value: unknown): value is string => typeof value === 'string'

function isTexts(values: unknown): values is Readonly<Record<string, string>> {
  return typeof values === 'object' && values !== null && Object.values(values).every(isText)
}
