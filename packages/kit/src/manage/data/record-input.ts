import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { CommandError } from '../command-error.ts'

export type RecordFormat = 'json' | 'jsonl'

export interface RecordSource {
  /** A path, or `-` for the standard input. */
  readonly path: string
  readonly format: RecordFormat
}

/** The format that the name of a file tells; null if it tells none. */
export function formatOfName(path: string): RecordFormat | null {
  const ending = /\.(jsonl?)(?:\.gz)?$/.exec(path)?.[1]
  return ending === 'json' || ending === 'jsonl' ? ending : null
}

/** What stands in a file, one by one; of `jsonl` a line at a time. @throws {CommandError} for what is no JSON */
export async function* readRecords({ path, format }: RecordSource): AsyncGenerator<unknown> {
  try {
    yield* format === 'jsonl' ? readLines(openInput(path)) : readList(openInput(path))
  } catch (error) {
    if (error instanceof SyntaxError || isReadError(error)) {
      throw new CommandError(`Cannot read '${path}': ${error.message}`, { cause: error })
    }
    throw error
  }
}

function openInput(path: string): Readable {
  if (path === '-') return process.stdin
  const file = createReadStream(path)
  if (!path.endsWith('.gz')) return file
  const unzipped = createGunzip()
  file.on('error', (error) => unzipped.destroy(error))
  return file.pipe(unzipped)
}

async function* readLines(input: Readable): AsyncGenerator<unknown> {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  input.once('error', failure.reject)
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  for (let number = 1; ; number++) {
    const { value, done } = await Promise.race([lines.next(), failure.promise])
    if (done) return
    if (value.trim() !== '') yield parsedLine(value, number)
  }
}

function parsedLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new SyntaxError(`line ${number}: ${error instanceof Error ? error.message : error}`)
  }
}

async function* readList(input: Readable): AsyncGenerator<unknown> {
  const list: unknown = JSON.parse(await text(input))
  if (!Array.isArray(list)) throw new SyntaxError('wanted a list of records')
  yield* list
}

/** Of the file, or of its compression. */
function isReadError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && ('syscall' in error || 'errno' in error)
}
