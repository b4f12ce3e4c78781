import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError, validationError } from '../base/index.ts'

/** A file that an endpoint takes, as the one field of a form (`multipart/form-data`). */
export interface UploadRules {
  /** The name of the field in the form. */
  readonly field: string
  readonly maxBytes: number
  /** The types of files that make sense, for the documentation. What came is judged by whoever reads it. */
  readonly types: readonly string[]
  readonly help?: string
}

export const FORM_TYPE = 'multipart/form-data'

/** What a form has around its file. */
const FORM_BYTES = 16_384

/** The largest body that an upload may be. */
export const uploadLimit = ({ maxBytes }: UploadRules): number => maxBytes + FORM_BYTES

/** Makes forms the one type of body that is read in this scope. */
export function readForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

/**
 * The file in the form of a request. What its sender calls it, and says it is, counts for nothing.
 *
 * @throws {ApiError} `validation_failed` in Django's words; `payload_too_large`; `parse_error`
 */
export async function readUpload(request: FastifyRequest, rules: UploadRules): Promise<Uint8Array> {
  const { field, maxBytes } = rules
  const form = await formOf(request)
  for (const name of form.keys()) {
    if (name !== field) throw validationError({ [name.slice(0, LONGEST_ECHO)]: [`Unknown field. Allowed: ${field}.`] })
  }
  const [file, ...more] = form.getAll(field)
  if (file === undefined) throw validationError({ [field]: ['No file was submitted.'] })
  if (more.length > 0) throw validationError({ [field]: ['Submit one file.'] })
  if (typeof file === 'string') throw validationError({ [field]: [NO_FILE] })
  if (file.size === 0) throw validationError({ [field]: ['The submitted file is empty.'] })
  if (file.size > maxBytes) throw new ApiError('payload_too_large')
  return file.bytes()
}

const LONGEST_ECHO = 100
const NO_FILE = 'The submitted data was not a file. Check the encoding type on the form.'

async function formOf({ body, headers }: FastifyRequest): Promise<FormData> {
  if (!(body instanceof Buffer) || body.length === 0) return new FormData()
  const type = headers['content-type'] ?? ''
  if (!isPlainForm(body, type)) throw new ApiError('parse_error', { message: NO_FORM })
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  } catch (cause) {
    throw new ApiError('parse_error', { message: NO_FORM, cause })
  }
}

const NO_FORM = 'The body is not the form that it claims to be.'
const MOST_PARTS = 10
const LONGEST_HEAD = 4096

/**
 * Whether a form has few parts with short heads. Of 5 MB of nothing but parts or heads the parser would make objects for
 * half a second, in which nobody else is served.
 */
function isPlainForm(body: Buffer, type: string): boolean {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
  const delimiter = `--${quoted ?? plain ?? ''}`
  if (delimiter === '--') return false
  let at = body.indexOf(delimiter)
  for (let parts = 0; at !== -1; parts++) {
    const head = at + delimiter.length
    const isEnd = body.subarray(head, head + 2).equals(END)
    if (isEnd) return true
    const ends = body.subarray(head, head + LONGEST_HEAD).includes(BLANK_LINE)
    if (!ends || parts === MOST_PARTS) return false
    at = body.indexOf(`\r\n${delimiter}`, head)
    if (at !== -1) at += 2
  }
  return false
}

const END = Buffer.from('--')
const BLANK_LINE = '\r\n\r\n'
