import { type CommonOptions, type Field, fieldOf } from './field.ts'
import type { FieldKind } from './field-kind.ts'
import { type Lookup, TEXT_LOOKUPS } from './lookup.ts'
import { Problem } from './problem.ts'
import { textColumn } from './text.ts'
import { flawOf } from './text-rules.ts'

export interface FileOptions extends CommonOptions<string> {
  /** Characters of the key at the most. */
  readonly max?: number
  /** The extensions that are taken, without a dot, in any case; all of them by default. */
  readonly extensions?: readonly string[]
}

export type FileField = Field<{
  value: string
  input: string
  lookup: Lookup
  nullable: false
  defaulted: false
  target: never
}>

/**
 * A reference to a stored file: its key, a relative path such as `invoices/2026/0001.pdf`. The file itself is kept
 * elsewhere. The key is one within the business: whoever opens the file puts the business's own place before it.
 *
 * @throws {RangeError} if `max` is not 1 to 1000, or an extension is not letters and digits
 */
export function file(options: FileOptions = {}): FileField {
  return fieldOf(fileKind({ ...options, name: 'file', example: 'files/0001' }), options)
}

interface FileKindOptions extends FileOptions {
  readonly name: string
  /** The example without its extension, which is the first that is taken. */
  readonly example: string
  /** The default of `extensions`, which is then not printed in migrations. */
  readonly usualExtensions?: readonly string[]
}

const USUAL_MAX = 100

/** The kind of a reference to a file of some sort. */
export function fileKind(options: FileKindOptions): FieldKind<string, string> {
  const max = options.max ?? USUAL_MAX
  const extensions = (options.extensions ?? options.usualExtensions)?.map((extension) => extension.toLowerCase())
  assertOptions(options.name, { max, extensions })
  const parse = (input: unknown): string | Problem => {
    const problem = problemOf(input, { max, extensions })
    return problem ?? String(input)
  }
  const example = `${options.example}.${extensions?.[0] ?? 'pdf'}`
  return {
    name: options.name,
    positional: [],
    params: {
      ...(options.max === undefined ? {} : { max }),
      ...(options.extensions === undefined ? {} : { extensions: options.extensions }),
    },
    lookups: TEXT_LOOKUPS,
    searchable: true,
    columnType: (dialect) => textColumn(dialect, max),
    parse,
    parseText: parse,
    encode: (value) => value,
    decode: String,
    jsonSource: (raw) => `quote(${raw})`,
    schema: { type: 'string', minLength: 1, maxLength: max },
    example: example.length > max ? 'f' : example,
  }
}

interface Rules {
  readonly max: number
  readonly extensions: readonly string[] | undefined
}

function assertOptions(name: string, { max, extensions }: Rules): void {
  if (!Number.isInteger(max) || max < 1 || max > 1000) {
    throw new RangeError(`Cannot declare ${name}(): max must be a whole number from 1 to 1000, got ${max}`)
  }
  const bad = extensions?.find((extension) => !/^[a-z0-9]+(\.[a-z0-9]+)*$/.test(extension))
  if (bad !== undefined || extensions?.length === 0) {
    throw new RangeError(`Cannot declare ${name}(): extensions must be such as 'pdf' or 'tar.gz', got ${bad ?? 'none'}`)
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no name of a file should have
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

function problemOf(input: unknown, { max, extensions }: Rules): Problem | null {
  if (typeof input !== 'string') return new Problem('The submitted data was not a file. Give the key of a stored file.')
  const flaw = flawOf(input)
  if (flaw) return new Problem(flaw)
  if (input === '') return new Problem('This field may not be blank.')
  const length = [...input.slice(0, 2 * max + 2)].length
  if (length > max)
    return new Problem(`Ensure this filename has at most ${max} characters (it has ${[...input].length}).`)
  if (!isRelativeKey(input)) {
    return new Problem('Enter a valid file key: a relative path without "..", backslashes and control characters.')
  }
  return extensions === undefined ? null : extensionProblem(input, extensions)
}

/** A path that cannot lead out of the place that it is put behind, on any system. */
function isRelativeKey(key: string): boolean {
  if (CONTROL.test(key) || key.includes('\\') || /^[a-z][a-z0-9+.-]*:/i.test(key)) return false
  return key.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.trim() === part)
}

function extensionProblem(key: string, extensions: readonly string[]): Problem | null {
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
  if (extensions.some((extension) => name.length > extension.length + 1 && name.endsWith(`.${extension}`))) return null
  const given = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  return new Problem(`File extension "${given}" is not allowed. Allowed extensions are: ${extensions.join(', ')}.`)
}
