import type { Exchange } from './exchange.ts'

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
const JWT = /ey[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/
const LONG_SECRET = /(?<![\w-])(?:[A-Za-z0-9_-]{32,}|(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{22})(?![\w-])…?/g
const CSRF = /(?<=csrftoken=)[^;\s]+/g
const LONGEST_TEXT = 90

const RECOVERY_CODE = '7r1m-wk7y-bbht'

/** What stands for secrets that differ from run to run, by their names. */
const STAND_INS: Readonly<Record<string, string>> = {
  code: '406660',
  recovery_code: RECOVERY_CODE,
  secret: 'JBSWY3DPEHPK3PXP…',
  otpauth_uri: 'otpauth://totp/…',
  csrf_token: 'dGTt…',
  device_token: 'q0Vb…',
  key: 'bwk_…',
  prefix: 'bwk_4kTq',
}

export interface Section {
  readonly title: string
  readonly about: string
  readonly exchanges: readonly Exchange[]
}

/** The exchanges as a page of documentation: real, but for what differs from run to run, which is shown alike each time. */
export function renderReference(introduction: string, sections: readonly Section[]): string {
  const ids = new Map<string, string>()
  const pages = sections.map(({ title, about, exchanges }) =>
    [`## ${title}`, about, ...exchanges.map((exchange) => renderExchange(exchange, ids))].join('\n\n'),
  )
  return `${[introduction, ...pages].join('\n\n')}\n`
}

function renderExchange({ title, method, path, headers, body, status, answer }: Exchange, ids: Map<string, string>) {
  const lines = [
    `${method} ${path}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', textOf(body)]),
  ]
  const request = ['```http', ...lines, '```'].join('\n')
  const response = ['```json', textOf(answer), '```'].join('\n')
  return calm([`### ${title}`, request, `Answers ${status}:`, response].join('\n\n'), ids)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value, (name, item: unknown) => shownValue(name, item), 2)
}

function shownValue(name: string, value: unknown): unknown {
  if (name === 'recovery_codes' && Array.isArray(value)) return [RECOVERY_CODE, '…']
  if (typeof value !== 'string') return value
  if (name in STAND_INS) return STAND_INS[name]
  return value.length > LONGEST_TEXT && !JWT.test(value) ? `${value.slice(0, 40)}…` : value
}

/** Replaces what is left to chance: ids by one for each, moments, tokens. */
function calm(text: string, ids: Map<string, string>): string {
  return text
    .replaceAll(new RegExp(JWT, 'g'), 'eyJhbGciOi…')
    .replaceAll(CSRF, 'dGTt…')
    .replaceAll(UUID, (id) => {
      const known = ids.get(id) ?? `01a20795-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`
      ids.set(id, known)
      return known
    })
    .replaceAll(MOMENT, '2026-11-25T09:00:00.000000Z')
    .replaceAll(LONG_SECRET, (secret) => (secret.startsWith('01a20795-0000') ? secret : 'Xh3k…'))
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8000')
}
