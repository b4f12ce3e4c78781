import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { systemClock } from '../../base/index.ts'
import { waitingEntries } from '../outbox/claims.ts'
import { readMail } from './read-mail.ts'
import { addMail, codeIn, Done, type Node, openNode, type Stage, stages } from './stage.ts'
import type { WorkerProcessOptions } from './worker-process.ts'

const MESSAGES = 60
/** Messages that a worker sends at the same time. */
const CONCURRENCY = 4
const KILLS = 3

for (const source of stages) {
  describe(`workers of the outbox that are killed, on ${source.name}`, () => {
    let stage: Stage
    let node: Node & { close(): Promise<void> }
    let server: SMTPServer
    const arrived: { readonly code: string; readonly messageId: string }[] = []
    const children: ChildProcess[] = []
    before(async () => {
      stage = await source.open()
      node = await openNode(stage.options, { clock: systemClock })
      server = await startServer((source) =>
        arrived.push({ code: codeIn(readMail(source)), messageId: readMail(source).messageId }),
      )
    })
    after(async () => {
      for (const child of children) child.kill('SIGKILL')
      await new Promise<void>((settle) => server.close(() => settle()))
      await node.close()
      await stage.close()
    })

    function startWorker(): ChildProcess {
      const { port } = server.server.address() as AddressInfo // as: it listens on TCP
      const given: WorkerProcessOptions = { database: stage.options, port }
      const script = new URL('worker-process.ts', import.meta.url).pathname
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(given)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      children.push(child)
      return child
    }

    it('lose nothing, do requests once, and send again only what they were at', async () => {
      const codes: string[] = []
      for (let count = 0; count < MESSAGES; count++) {
        codes.push(await addMail(node))
        await node.outbox.add(node.ctx, { topic: 'request', payload: { count } })
      }
      for (let kill = 1; kill <= KILLS; kill++) {
        const child = startWorker()
        await until(() => arrived.length >= (MESSAGES / (KILLS + 1)) * kill)
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      startWorker()
      await until(async () => (await waitingEntries(node.ctx).count()) === 0)
      assert.deepEqual([...new Set(arrived.map(({ code }) => code))].toSorted(), [...new Set(codes)].toSorted())
      const ids = new Set(arrived.map(({ messageId }) => messageId))
      assert.equal(ids.size, MESSAGES, 'what was sent again had the same Message-ID')
      assert.ok(arrived.length - MESSAGES <= KILLS * CONCURRENCY, `${arrived.length} messages came for ${MESSAGES}`)
      const done = (await node.ctx.query(Done).all()).map(({ text }) => text)
      assert.deepEqual([done.length, new Set(done).size], [MESSAGES, MESSAGES])
    })
  })
}

async function startServer(onMessage: (source: string) => void): Promise<SMTPServer> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        onMessage(Buffer.concat(chunks).toString('utf8'))
        // Time to be killed in, between taking the message and saying so.
        setTimeout(done, 10)
      })
    },
  })
  server.on('error', () => {}) // the killed
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return server
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((settle) => setTimeout(settle, 10))
}
