/** What can become of e-mails. */
export const EMAIL_BACKENDS = ['smtp', 'console', 'file', 'memory', 'dummy'] as const

export type EmailBackend = (typeof EMAIL_BACKENDS)[number]

const DJANGO_NAMES: Readonly<Record<string, EmailBackend>> = {
  smtp: 'smtp',
  console: 'console',
  filebased: 'file',
  locmem: 'memory',
  dummy: 'dummy',
}

/** Reads `EMAIL_BACKEND`: a short name, or the path of Django's class. */
export function parseEmailBackend(value: string): EmailBackend | undefined {
  const [, module] = /^django\.core\.mail\.backends\.(\w+)(?:\.EmailBackend)?$/.exec(value) ?? []
  if (module !== undefined) return Object.hasOwn(DJANGO_NAMES, module) ? DJANGO_NAMES[module] : undefined
  return EMAIL_BACKENDS.find((name) => name === value)
}

/** Reads an address, which may have a name before it: `Acme <no-reply@acme.example>`. */
export function parseSender(value: string): string | undefined {
  const address = /^[^<>\r\n]*<([^<>\r\n]*)>$/.exec(value)?.[1] ?? value
  return /^[^\s<>@,;:"]+@[^\s<>@,;:"]+$/.test(address) ? value : undefined
}
