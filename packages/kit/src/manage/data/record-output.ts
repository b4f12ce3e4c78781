import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { CommandError } from '../command-error.ts'

/** Writes texts to a file, or to the standard output, as fast as it takes them. A file that is not complete is removed. */
export async function writeTexts(texts: AsyncIterable<string>, file: string | undefined): Promise<void> {
  if (file === undefined) return writeAll(texts, process.stdout)
  const unknown = /\.(?:bz2|xz|lzma|zip)$/.exec(file)
  if (unknown) throw new CommandError(`Cannot write '${file}': compressed files end with .gz here, not ${unknown[0]}.`)
  const target = createWriteStream(file)
  try {
    await pipeline(Readable.from(texts), file.endsWith('.gz') ? createGzip() : new PassThrough(), target)
  } catch (error) {
    if (target.bytesWritten > 0) await rm(file, { force: true })
    throw isFileError(error) ? new CommandError(`Cannot write '${file}': ${error.message}`) : error
  }
}

async function writeAll(texts: AsyncIterable<string>, target: Writable): Promise<void> {
  for await (const text of texts) {
    if (!target.write(text)) await once(target, 'drain')
  }
}

/** Records as a JSON array, or one a line. */
export async function* formatted(
  records: AsyncIterable<string>,
  { format, indent }: { readonly format: 'json' | 'jsonl'; readonly indent?: number | undefined },
): AsyncGenerator<string> {
  if (format === 'jsonl') {
    for await (const record of records) yield `${record}\n`
    return
  }
  let opening = '[\n'
  for await (const record of records) {
    yield opening + (indent === undefined ? record : JSON.stringify(JSON.parse(record), null, indent))
    opening = ',\n'
  }
  yield opening === '[\n' ? '[]\n' : '\n]\n'
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}
