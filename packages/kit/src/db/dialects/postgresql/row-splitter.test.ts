import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { RowSplitter } from './row-splitter.ts'

type Row = (string | null)[]

test('rows and other messages come out in order, however the bytes are cut', () => {
  const row = fc.array(fc.option(fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 6 })
  const messages = fc.array(fc.oneof(row, fc.constantFrom('T', 'C', 'Z')), { maxLength: 12 })
  const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 20 })
  fc.assert(
    fc.property(messages, cuts, (sent, cut) => {
      const bytes = Buffer.concat(
        sent.map((message) => (typeof message === 'string' ? note(message) : rowMessage(message))),
      )
      assert.deepEqual(received(pieces(bytes, cut)), sent)
    }),
  )
})

test('a row larger than many chunks comes out whole', () => {
  const row = ['é'.repeat(50_000), null, 'x'.repeat(100_000), '']
  const bytes = rowMessage(row)
  assert.deepEqual(received(pieces(bytes, [1, 2, 3, 4, 5, 70_000, 140_000])), [row])
})

test('a message without a length ends the connection instead of the process', () => {
  const socket = new PassThrough()
  socket.on('error', () => {})
  new RowSplitter(socket, () => {})
  socket.emit('data', Buffer.from([0x44, 0, 0, 0, 0, 0, 0]))
  assert.ok(socket.destroyed)
})

function received(chunks: readonly Buffer[]): (Row | string)[] {
  const all: (Row | string)[] = []
  const socket = new PassThrough()
  const splitter = new RowSplitter(socket, (row) => all.push(row))
  splitter.on('data', (bytes: Buffer) => {
    for (let start = 0; start < bytes.length; start += 1 + bytes.readInt32BE(start + 1)) {
      all.push(bytes.toString('latin1', start, start + 1))
    }
  })
  for (const chunk of chunks) socket.emit('data', chunk)
  return all
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.filter((cut) => cut < bytes.length).toSorted((left, right) => left - right), bytes.length]
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

function note(type: string): Buffer {
  return message(type, Buffer.from('a note'))
}

function rowMessage(row: Row): Buffer {
  const fields = row.map((field) =>
    field === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(field)), Buffer.from(field)]),
  )
  return message('D', Buffer.concat([Buffer.from([0, row.length]), ...fields]))
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
