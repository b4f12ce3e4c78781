import { ApiError, validationError } from '../base/index.ts'

/** The parameters of a query, by name; one that is repeated is an array. The object has no prototype. */
export type QueryParameters = Readonly<Record<string, string | readonly string[]>>

/** Stands in the place of the parameters until a hook throws its error: the router, which parses, cannot refuse. */
export class MalformedQuery {
  readonly error: ApiError

  constructor(error: ApiError) {
    this.error = error
  }
}

const MOST_PARAMETERS = 200

/** The part of an address that is parsed as its query. Addresses with a fragment, which the router would read as one, are refused. */
export function queryTextOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}

/** Parses the part of the address after `?`. It never throws. */
export function parseQuery(query: string): Record<string, unknown> {
  if (query === '') return Object.create(null)
  try {
    return parseParameters(query)
  } catch (error) {
    // The router's type says a record of values, and passes on whatever it is given.
    return new MalformedQuery(error instanceof ApiError ? error : malformed(error)) as unknown as Record<
      string,
      unknown
    >
  }
}

function parseParameters(query: string): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = Object.create(null)
  const parts = query.split('&')
  if (parts.length > MOST_PARAMETERS) {
    throw new ApiError('bad_request', { message: `Too many query parameters: at most ${MOST_PARAMETERS}.` })
  }
  for (const part of parts) {
    if (part !== '') addParameter(parameters, part)
  }
  return parameters
}

function addParameter(parameters: Record<string, string | string[]>, part: string): void {
  const equals = part.indexOf('=')
  const name = decode(equals === -1 ? part : part.slice(0, equals))
  const value = equals === -1 ? '' : decode(part.slice(equals + 1))
  if (name.includes('\0') || value.includes('\0')) {
    throw validationError({ [name.replaceAll('\0', '')]: ['Null characters are not allowed.'] })
  }
  const before = parameters[name]
  if (before === undefined) parameters[name] = value
  else if (typeof before === 'string') parameters[name] = [before, value]
  else before.push(value)
}

/** Refuses, by throwing, what is not percent-encoded UTF-8; so a lone surrogate, which UTF-8 cannot hold, is refused too. */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced
}

function malformed(cause: unknown): ApiError {
  return new ApiError('parse_error', { message: 'Malformed query: it is not percent-encoded UTF-8.', cause })
}
