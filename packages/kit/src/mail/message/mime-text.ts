import { createHash } from 'node:crypto'
import type { MailMessage } from './mail-message.ts'

/**
 * The message as a mail program opens it (RFC 5322), with its texts and headers as they are (RFC 6532), so that links in
 * it can be read and copied. For files; SMTP has an encoding of its own.
 */
export function mimeText(message: MailMessage, date: Date): string {
  const { from, to, subject, text, html, messageId } = message
  const headers = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId}>`,
    'MIME-Version: 1.0',
  ]
  if (html === undefined) return [...headers, ...part('text/plain', text)].join('\n')
  const boundary = `=_${createHash('sha256').update(messageId).update(text).digest('hex').slice(0, 32)}`
  return [
    ...headers,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...part('text/plain', text),
    `--${boundary}`,
    ...part('text/html', html),
    `--${boundary}--`,
    '',
  ].join('\n')
}

function part(type: string, content: string): string[] {
  return [`Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: 8bit', '', content]
}
