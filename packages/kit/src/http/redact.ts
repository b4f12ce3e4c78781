const SENSITIVE =
  /authorization|cookie|password|passwd|secret|token|credential|api[-_]?key|^(access|refresh|jwt|otp|pin|code|key)$/i
const REDACTED = '[redacted]'
const DEEPEST = 6

/** Whether the value under this name is for nobody's eyes. */
export function isSensitive(name: string): boolean {
  return SENSITIVE.test(name)
}

/** A copy in which the values of sensitive names are not shown. Errors are left to their serializer. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value
  if (depth > DEEPEST) return '[deeper]'
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return redactFields(value, depth)
}

/** As `redact`, for an object. */
export function redactFields(value: object, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) copy[name] = isSensitive(name) ? REDACTED : redact(item, depth + 1)
  return copy
}

/** The path and query of an address, in which the values of sensitive parameters are not shown. */
export function redactUrl(url: string): string {
  const start = url.indexOf('?')
  if (start === -1) return url
  const parameters = url.slice(start + 1).split('&')
  return `${url.slice(0, start)}?${parameters.map(redactParameter).join('&')}`
}

function redactParameter(parameter: string): string {
  const name = parameter.split('=', 1)[0] ?? ''
  return isSensitive(name) ? `${name}=${REDACTED}` : parameter
}
