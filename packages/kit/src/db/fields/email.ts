import { type TextField, type TextOptions, textField } from './text.ts'

/** An e-mail address, at most 254 characters (RFC 5321), kept with its domain in lower case. */
export function email(options: TextOptions = {}): TextField {
  return textField({
    ...options,
    name: 'email',
    usualMax: 254,
    format: 'email',
    usualExample: 'sales@acme.example',
    pattern: { test: isEmail, message: 'Enter a valid email address.' },
    normalize: lowerDomain,
  })
}

// The local part as Django's EmailValidator takes it (dot-atom or quoted text), the domain as dotted labels or [IPv4].
const LOCAL =
  /^(?:[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*")$/i
const LABEL = /^[a-z0-9\u00a1-\uffff](?:[a-z0-9\u00a1-\uffff-]{0,61}[a-z0-9\u00a1-\uffff])?$/i
const IPV4_LITERAL = /^\[(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!\])|(?=\]))){4}\]$/

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  if (at < 1 || local.length > 64 || !LOCAL.test(local)) return false
  if (domain.startsWith('[')) return IPV4_LITERAL.test(domain)
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(top) && top.length > 1
}

function lowerDomain(text: string): string {
  const at = text.lastIndexOf('@')
  return text.slice(0, at + 1) + text.slice(at + 1).toLowerCase()
}
