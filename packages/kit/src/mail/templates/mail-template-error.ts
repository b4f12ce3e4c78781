/** A template of a project that is not well written. The message names the file. */
export class MailTemplateError extends Error {
  override readonly name = 'MailTemplateError'
}
