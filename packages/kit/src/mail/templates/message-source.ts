/** A part of a message, from which both its text and its HTML are made. */
export type Block =
  /** Lines of text. */
  | { readonly kind: 'paragraph'; readonly text: string }
  /** `[Label]({{ link }})` on a line of its own: a button, and in the text the label with the address below. */
  | { readonly kind: 'button'; readonly label: string; readonly address: string }
  /** `# {{ code }}`: something to be read off and typed. */
  | { readonly kind: 'code'; readonly text: string }

export interface MessageSource {
  readonly subject: string
  readonly blocks: readonly Block[]
}

/** Reads `<name>.txt`: a line `Subject: …`, an empty line, and blocks between empty lines. @throws {SyntaxError} */
export function parseMessage(text: string): MessageSource {
  const [first = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n')
  const subject = /^Subject:\s*(\S.*?)\s*$/.exec(first)?.[1]
  if (subject === undefined) throw new SyntaxError('The first line must be "Subject: " and the subject')
  if (rest[0]?.trim() !== '') throw new SyntaxError('The line after the subject must be empty')
  const blocks = rest
    .join('\n')
    .trim()
    .split(/\n\s*\n/)
    .map(blockOf)
  if (blocks.every((block) => block.kind === 'paragraph' && block.text === '')) {
    throw new SyntaxError('There is no text below the subject')
  }
  return { subject, blocks }
}

function blockOf(text: string): Block {
  const [, label, address] = /^\[([^\]\n]+)\]\(([^)\n]+)\)$/.exec(text.trim()) ?? []
  if (label !== undefined && address !== undefined) return { kind: 'button', label, address }
  const [, code] = /^#\s+([^\n]+)$/.exec(text.trim()) ?? []
  return code === undefined ? { kind: 'paragraph', text: text.trim() } : { kind: 'code', text: code }
}
