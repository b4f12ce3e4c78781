import type { Reference } from './open-api-types.ts'

/** The headers of answers that say something of their own. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'The id of the request: the one that it gave in `X-Request-Id`, or a new one. The log has it too.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
  },
  Location: { description: 'The address of what was made.', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'How to sign in (RFC 9110).', schema: { type: 'string' } },
  'Retry-After': {
    description: 'Seconds to wait before another try.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
} as const

/** The header of answers that show one record with its version; only some projects have any. */
export const ETAG = {
  ETag: {
    description: 'The version of the record, to be sent as `If-Match` with a change.',
    schema: { type: 'string', pattern: '^"[0-9]+"$' },
  },
} as const

/** The header of answers that are a file. */
export const FILE_ETAG = {
  ETag: {
    description: 'What the file is now, to be sent as `If-None-Match` by whoever has kept it.',
    schema: { type: 'string' },
  },
} as const

export type HeaderName = keyof typeof HEADERS

/** Pointers to headers; every answer has an `X-Request-Id`. */
export function headerReferences(names: readonly HeaderName[]): Record<string, Reference> {
  const all: HeaderName[] = ['X-Request-Id', ...names]
  return Object.fromEntries(all.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
