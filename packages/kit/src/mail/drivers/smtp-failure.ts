import { MailError, type MailFailure } from '../message/mail-error.ts'

/**
 * What a failure of SMTP means for the message. Only a lasting refusal (5xx) of the receiver or of the message itself is
 * for good: one of the sign-in or of the sender is a mistake in the settings, after whose mending the message can go.
 */
export function smtpFailure(error: Error): MailError {
  if (error instanceof MailError) return error
  const { code, command, responseCode } = partsOf(error)
  return new MailError(failureOf({ command, responseCode }), [code, error.message].filter(Boolean).join(': '))
}

function failureOf({ command, responseCode }: Omit<SmtpParts, 'code'>): MailFailure {
  if (responseCode === undefined) return 'unreachable'
  const isAboutMessage = command === 'RCPT TO' || command === 'DATA'
  if (!isAboutMessage) return 'unreachable'
  return responseCode >= 500 ? 'refused' : 'deferred'
}

interface SmtpParts {
  readonly code: string
  readonly command: string
  readonly responseCode: number | undefined
}

function partsOf(error: Error): SmtpParts {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const command = 'command' in error && typeof error.command === 'string' ? error.command : ''
  const answer = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined
  return { code, command, responseCode: answer }
}
