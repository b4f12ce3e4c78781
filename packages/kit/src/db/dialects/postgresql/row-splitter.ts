import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'

type Row = (string | null)[]

const HEADER_LENGTH = 5
const DATA_ROW = 0x44
/** Above this, reading each field by itself costs less than reading the row twice. */
const LARGE_ROW_LENGTH = 4096

/**
 * Stands between the socket and `pg`: takes the rows out of what the server sends and decodes them
 * itself, several times as fast, and passes on all other messages. In order, whole messages only.
 *
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class RowSplitter extends EventEmitter {
  readonly #socket: Duplex
  readonly #onRow: (row: Row) => void
  #waiting: Buffer[] = []
  #waitingLength = 0
  #wantedLength = HEADER_LENGTH

  constructor(socket: Duplex, onRow: (row: Row) => void) {
    super()
    this.#socket = socket
    this.#onRow = onRow
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.emit('end'))
  }

  #read(chunk: Buffer): void {
    this.#waiting.push(chunk)
    this.#waitingLength += chunk.length
    if (this.#waitingLength < this.#wantedLength) return
    const bytes = this.#waiting.length === 1 ? chunk : Buffer.concat(this.#waiting)
    const rest = bytes.subarray(this.#split(bytes))
    this.#waiting = rest.length === 0 ? [] : [rest]
    this.#waitingLength = rest.length
    this.#wantedLength = rest.length < HEADER_LENGTH ? HEADER_LENGTH : messageEnd(rest, 0)
  }

  /** Deals with the whole messages in `bytes`, and tells where the first one that is not whole begins. */
  #split(bytes: Buffer): number {
    let passed = 0
    let start = 0
    while (start + HEADER_LENGTH <= bytes.length) {
      const end = messageEnd(bytes, start)
      if (end > bytes.length) break
      if (end < start + HEADER_LENGTH) return this.#giveUp(bytes)
      if (bytes[start] === DATA_ROW) {
        this.#pass(bytes, passed, start)
        this.#onRow(readRow(bytes, start + HEADER_LENGTH, end))
        passed = end
      }
      start = end
    }
    this.#pass(bytes, passed, start)
    return start
  }

  #pass(bytes: Buffer, start: number, end: number): void {
    if (start < end) this.emit('data', bytes.subarray(start, end))
  }

  #giveUp(bytes: Buffer): number {
    this.#socket.destroy(new Error('The server sent a message without a length'))
    return bytes.length
  }
}

function messageEnd(bytes: Buffer, start: number): number {
  return start + 1 + bytes.readInt32BE(start + 1)
}

function readRow(bytes: Buffer, start: number, end: number): Row {
  const row: Row = new Array(bytes.readInt16BE(start))
  // The row is read in one go and its fields are cut from that. Not a whole chunk: a field keeps alive what it is cut from.
  const text = end - start > LARGE_ROW_LENGTH ? null : bytes.toString('latin1', start, end)
  let position = start + 2
  for (let index = 0; index < row.length; index += 1) {
    const length = bytes.readInt32BE(position)
    position += 4
    if (length < 0) {
      row[index] = null
      continue
    }
    const fieldEnd = position + length
    row[index] =
      text !== null && isAscii(bytes, position, fieldEnd)
        ? text.slice(position - start, fieldEnd - start)
        : bytes.toString('utf8', position, fieldEnd)
    position = fieldEnd
  }
  return row
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if ((bytes[index] ?? 0) > 0x7f) return false
  }
  return true
}
