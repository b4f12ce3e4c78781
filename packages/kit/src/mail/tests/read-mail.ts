import type { ArrivedMail } from '../../testing/mailer-contract.ts'

/** Reads a message (RFC 5322, MIME) as a mail program would: for tests. */
export function readMail(source: string): ArrivedMail {
  const { headers, body } = split(source)
  return {
    from: decoded(headers.get('from') ?? ''),
    to: headers.get('to') ?? '',
    subject: decoded(headers.get('subject') ?? ''),
    text: textOf(headers, body),
    messageId: (headers.get('message-id') ?? '').replace(/^<|>$/g, ''),
  }
}

function split(source: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const text = source.replaceAll('\r\n', '\n')
  const end = text.indexOf('\n\n')
  const lines = text
    .slice(0, end)
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n')
  const headers = new Map(
    lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { headers, body: text.slice(end + 2) }
}

function textOf(headers: ReadonlyMap<string, string>, body: string): string {
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1]
  if (boundary !== undefined) {
    const parts = body
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => split(part.replace(/^\n/, '')))
    const plain = parts.find((part) => part.headers.get('content-type')?.startsWith('text/plain'))
    return plain ? textOf(plain.headers, plain.body.replace(/\n$/, '')) : ''
  }
  switch (headers.get('content-transfer-encoding')) {
    case 'quoted-printable':
      return quotedPrintable(body.replaceAll('=\n', ''))
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8')
    default:
      return body
  }
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** A header with encoded words (RFC 2047). */
function decoded(header: string): string {
  return header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : quotedPrintable(text.replaceAll('_', ' ')),
    )
}
