import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { newId, SecretBox } from '../../base/index.ts'
import { kitMail, MailError, type MailMessage, MemoryMailer, OutboxEntry } from '../index.ts'
import { addMail, codeIn, Done, inBusiness, type Node, rowsOf, type Stage, stages } from './stage.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A mailer that fails as long as it is told to. */
class FailingMailer extends MemoryMailer {
  error: Error | null = null
  readonly tried: MailMessage[] = []

  override async send(message: MailMessage): Promise<void> {
    this.tried.push(message)
    if (this.error) throw this.error
    await super.send(message)
  }
}

for (const source of stages) {
  describe(`the worker of the outbox on ${source.name}`, () => {
    let stage: Stage
    let node: Node
    let inbox: MemoryMailer
    before(async () => {
      stage = await source.open()
    })
    beforeEach(async () => {
      inbox = new MemoryMailer()
      node = await stage.node({ mailer: inbox })
      await node.ctx.query(OutboxEntry).delete()
      await node.ctx.query(Done).delete()
      stage.log.length = 0
    })
    afterEach(() => stage.closeNodes())
    after(() => stage.close())

    const addRequest = (text: string, ctx = node.ctx) => node.outbox.add(ctx, { topic: 'request', payload: { text } })

    it('sends what was committed, once, and nothing of what was rolled back', async () => {
      const code = await node.ctx.transaction((tx) => addMail({ ...node, ctx: tx }))
      const undone = node.ctx.transaction(async (tx) => {
        await addMail({ ...node, ctx: tx })
        throw new Error('undone')
      })
      await assert.rejects(undone, /undone/)
      await node.worker.workOff()
      await node.worker.workOff()
      assert.deepEqual(inbox.messages.map(codeIn), [code])
    })

    it('keeps nothing of what a message said once it is sent, and no row of it after a week', async () => {
      await addMail(node)
      const [waiting] = await rowsOf(node)
      assert.match(waiting?.payload_sealed ?? '', /^v1\./)
      await node.worker.workOff()
      const [done] = await rowsOf(node)
      assert.deepEqual([done?.payload_sealed, done?.claim, done?.last_error], [null, null, null])
      assert.equal(done?.done_at?.getTime(), stage.clock.now())
      stage.clock.advance(6 * DAY_MS)
      const starting = async () => (await stage.node({ pollMs: 5 })).worker.start()
      await starting()
      await node.worker.workOff()
      assert.equal((await rowsOf(node)).length, 1)
      stage.clock.advance(1.1 * DAY_MS)
      await starting()
      await until(async () => (await rowsOf(node)).length === 0)
    })

    it('runs a handler in the transaction that marks its entry done, in the business of the entry', async () => {
      const business = newId()
      let failures = 1
      const { worker } = await stage.node({
        mailer: inbox,
        handlers: {
          request: async (tx, payload) => {
            await tx.query(Done).create({ text: JSON.stringify(payload), business: tx.business })
            await node.outbox.add(
              tx,
              kitMail('password_changed', { to: 'bo@acme.test', language: 'en', values: { name: 'Bo' } }),
            )
            if (failures-- > 0) throw new Error('the first time it fails')
          },
        },
      })
      await addRequest('look', inBusiness(node, business))
      await worker.workOff()
      assert.equal(await node.ctx.query(Done).count(), 0)
      const [failed] = await rowsOf(node)
      assert.deepEqual([failed?.attempts, failed?.last_error], [1, 'Error: the first time it fails'])
      assert.equal((await rowsOf(node)).length, 1, 'the message of a handler that failed is not there')
      stage.clock.advance(MINUTE_MS)
      await worker.workOff()
      const done = await node.ctx.query(Done).all()
      assert.deepEqual(
        done.map((row) => [row.text, row.business]),
        [['{"text":"look"}', business]],
      )
      assert.equal(inbox.messages.filter(({ to }) => to === 'bo@acme.test').length, 1)
    })

    it('leaves entries of topics that it does not know to a worker that does', async () => {
      await addRequest('later')
      await node.worker.workOff()
      const [row] = await rowsOf(node)
      assert.deepEqual([row?.attempts, row?.done_at, row?.failed_at], [0, null, null])
    })

    it('waits as long as an entry is to wait at the least', async () => {
      const mail = kitMail('password_changed', { to: 'late@acme.test', language: 'en', values: { name: 'Asha' } })
      await node.outbox.add(node.ctx, { ...mail, delayMs: MINUTE_MS })
      await node.worker.workOff()
      assert.equal(
        inbox.messages.some(({ to }) => to === 'late@acme.test'),
        false,
      )
      stage.clock.advance(MINUTE_MS)
      await node.worker.workOff()
      assert.equal(
        inbox.messages.some(({ to }) => to === 'late@acme.test'),
        true,
      )
    })

    it('sends each message once when many workers are at it', async () => {
      const mailer = new MemoryMailer()
      const handlers = {
        request: async (tx: Node['ctx'], payload: unknown) => {
          await tx.query(Done).create({ text: JSON.stringify(payload) })
        },
      }
      const nodes = await Promise.all(Array.from({ length: 4 }, () => stage.node({ mailer, handlers })))
      const codes: string[] = []
      for (let count = 0; count < 40; count++) {
        codes.push(await addMail(node))
        await addRequest(String(count))
      }
      await Promise.all(nodes.map(({ worker }) => worker.workOff()))
      assert.deepEqual(mailer.messages.map(codeIn).toSorted(), codes.toSorted())
      const texts = (await node.ctx.query(Done).all()).map(({ text }) => text)
      assert.equal(new Set(texts).size, 40)
      assert.equal(texts.length, 40)
    })

    it('loses nothing while the server is down for an hour, and sends all within minutes once it is back', async () => {
      const mailer = new FailingMailer()
      mailer.error = new MailError('unreachable', 'ECONNREFUSED: connect')
      const { worker } = await stage.node({ mailer })
      const codes: string[] = []
      for (let minute = 0; minute < 60; minute += 5) {
        codes.push(await addMail(node))
        await worker.workOff()
        stage.clock.advance(5 * MINUTE_MS)
      }
      assert.deepEqual(mailer.messages, [])
      mailer.error = null
      for (let minute = 0; minute < 5; minute++) {
        stage.clock.advance(MINUTE_MS)
        await worker.workOff()
      }
      assert.deepEqual(mailer.messages.map(codeIn).toSorted(), codes.toSorted())
      const ids = new Set(mailer.tried.map(({ messageId }) => messageId))
      assert.equal(ids.size, 12, 'a message has the same id at each attempt')
    })

    it('tries again for three days what the server puts off, ever less often, then gives it up and says so', async () => {
      const mailer = new FailingMailer()
      mailer.error = new MailError('deferred', '451 4.7.1 try again later')
      const { worker } = await stage.node({ mailer })
      await addMail(node)
      const began = stage.clock.now()
      const times: number[] = []
      for (let hour = 0; hour < 24 * 8; hour++) {
        await worker.workOff()
        if (mailer.tried.length > times.length) times.push(stage.clock.now() - began)
        stage.clock.advance(60 * MINUTE_MS)
      }
      const last = times.at(-1) ?? 0
      assert.ok(last >= 3 * DAY_MS, `the last attempt came after ${last / DAY_MS} days`)
      assert.ok(mailer.tried.length < 20)
      const [row] = await rowsOf(node)
      assert.ok(row?.failed_at)
      assert.equal(row.last_error, 'MailError: 451 4.7.1 try again later')
      assert.deepEqual(
        stage.log.filter(({ level }) => level === 'error').map(({ message }) => message),
        ['an outbox entry was given up'],
      )
    })

    it('gives up at once what the server refuses for good, and tells no address', async () => {
      const mailer = new FailingMailer()
      mailer.error = new MailError('refused', '550 5.1.1 <asha.secret@acme.test>: user unknown')
      const { worker } = await stage.node({ mailer })
      const code = await addMail(node, 'asha.secret@acme.test')
      await worker.workOff()
      stage.clock.advance(10 * DAY_MS)
      await worker.workOff()
      assert.equal(mailer.tried.length, 1)
      const [row] = await rowsOf(node)
      assert.ok(row?.failed_at)
      assert.equal(row.last_error, 'MailError: 550 5.1.1 <a…@acme.test>: user unknown')
      const told = JSON.stringify(stage.log)
      assert.match(told, /given up/)
      assert.equal(told.includes('asha.secret') || told.includes(code), false)
    })

    it('tells of a message that was sent neither to whom in clear nor what it said', async () => {
      const code = await addMail(node, 'asha.private@acme.test')
      await node.worker.workOff()
      const [line] = stage.log
      assert.equal(line?.message, 'mail sent')
      assert.deepEqual(Object.keys(line.fields), ['entry', 'template', 'to', 'attempts'])
      const told = JSON.stringify(stage.log)
      assert.equal(told.includes('asha.private') || told.includes(code), false)
    })

    it('takes over what another worker was at when it died, after its lease', async () => {
      const code = await addMail(node)
      const dead = { claim: newId(), claimed_until: new Date(stage.clock.now() + MINUTE_MS), attempts: 1 }
      await node.ctx.query(OutboxEntry).update(dead)
      await node.worker.workOff()
      assert.equal(inbox.messages.map(codeIn).includes(code), false)
      stage.clock.advance(MINUTE_MS)
      await node.worker.workOff()
      assert.equal(inbox.messages.map(codeIn).includes(code), true)
    })

    it('keeps what was sealed with a key that is missing until the key is back', async () => {
      const code = await addMail(node)
      const { worker } = await stage.node({
        box: new SecretBox(['another secret of at least fifty characters, but which?']),
      })
      await worker.workOff()
      const [row] = await rowsOf(node)
      assert.match(row?.last_error ?? '', /no secret fits/)
      stage.clock.advance(MINUTE_MS)
      await node.worker.workOff()
      assert.equal(inbox.messages.map(codeIn).includes(code), true)
    })

    it('begins at the commit, without waiting for its next look', async () => {
      const mailer = new MemoryMailer()
      const quick = await stage.node({ mailer, pollMs: 3_600_000 })
      quick.worker.start()
      await quick.worker.workOff()
      await addMail(quick)
      await until(async () => mailer.messages.length === 1)
    })

    it('hears by itself of what another process has added', async () => {
      const mailer = new MemoryMailer()
      const other = await stage.node({ mailer, pollMs: 20 })
      other.worker.start()
      await addMail(node)
      await until(async () => mailer.messages.length === 1)
    })

    it('runs handlers while messages hang, and stops without losing them', async () => {
      const mailer = new HangingMailer()
      const handlers = {
        request: async (tx: Node['ctx']) => {
          await tx.query(Done).create({ text: 'done' })
        },
      }
      const { worker } = await stage.node({ mailer, handlers, pollMs: 3_600_000 })
      for (let count = 0; count < 6; count++) await addMail(node)
      worker.start()
      await until(async () => mailer.hanging === 4)
      await addRequest('now')
      const next = worker.workOff()
      await until(async () => (await node.ctx.query(Done).count()) === 1)
      await worker.stop({ graceMs: 20 })
      await next
      const rows = await node.ctx.query(OutboxEntry).filter({ topic: 'mail' }).all()
      assert.equal(
        rows.every(({ done_at, failed_at, claim }) => !done_at && !failed_at && !claim),
        true,
      )
      stage.clock.advance(MINUTE_MS)
      const before = inbox.messages.length
      await node.worker.workOff()
      assert.equal(inbox.messages.length, before + 6)
    })

    it('tells once that the database is gone, and goes on when it is back', async () => {
      const other = await stage.node({ pollMs: 5 })
      await other.store.database.close()
      other.worker.start()
      await until(async () => stage.log.length > 0)
      await other.worker.stop()
      assert.deepEqual(
        stage.log.map(({ level }) => level),
        ['error'],
      )
    })
  })
}

/** A mailer whose server takes everything and answers nothing. */
class HangingMailer extends MemoryMailer {
  hanging = 0
  readonly #broken = Promise.withResolvers<never>()

  override async send(): Promise<void> {
    this.hanging++
    await this.#broken.promise
  }

  override async close(): Promise<void> {
    this.#broken.promise.catch(() => {})
    this.#broken.reject(new MailError('unreachable', 'The mailer was closed'))
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((settle) => setTimeout(settle, 5))
}
