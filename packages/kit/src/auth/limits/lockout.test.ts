import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ApiError, newId } from '../../base/index.ts'
import { OutboxEntry } from '../../mail/index.ts'
import { AttemptCounter, type Client } from '../index.ts'
import { CLIENT, DAY_MS, databases, type MadeUser, type Node, openProject, type Project } from '../tests/project.ts'

const MINUTE_MS = 60_000
const RIGHT = 'right'

for (const source of databases) {
  describe(`lockout on ${source.name}`, () => {
    let project: Project
    let other: Node

    before(async () => {
      project = await openProject(source)
      other = await project.addNode()
    })
    after(() => project.close())

    /** An address of its own, so that tests do not share one. */
    const fromSomewhere = (): Client => ({ ...CLIENT, ip: `2001:db8:${newId().slice(-4)}:${newId().slice(-4)}::1` })

    interface Try {
      readonly on?: Node
      readonly client?: Client
      readonly deviceId?: string
      readonly isLast?: () => boolean
    }

    /** `right` or `wrong`, as the guess was; or why it could not be made. */
    async function tryWith(
      account: string,
      secret: string,
      { on = project, client = fromSomewhere(), ...rest }: Try = {},
    ) {
      const evaluate = async () => (secret === RIGHT ? RIGHT : null)
      try {
        return (await on.auth.lockout.guard({ account, client, ...rest }, evaluate)) ?? 'wrong'
      } catch (error) {
        const { code, headers } = error as ApiError
        return `${code} ${headers['retry-after']}`
      }
    }

    async function failTimes(times: number, account: string, options?: Try) {
      const answers = []
      for (let at = 0; at < times; at += 1) answers.push(await tryWith(account, 'x', options))
      return answers
    }

    const someone = () => `${newId()}@acme.test`
    const makeUser = (): Promise<MadeUser> => project.makeUser({ name: 'Asha', email: someone() })

    test('after five wrong guesses an account is locked, for the right one too, in whatever case it is written', async () => {
      const account = someone()
      assert.deepEqual(await failTimes(5, account), Array(5).fill('wrong'))
      assert.equal(await tryWith(account.toUpperCase(), RIGHT), 'account_locked 900')
      assert.equal(await tryWith(account, RIGHT, { on: other }), 'account_locked 900')
      project.clock.advance(15 * MINUTE_MS - 1)
      assert.equal(await tryWith(account, RIGHT), 'account_locked 1')
      project.clock.advance(1)
      assert.equal(await tryWith(account, RIGHT), RIGHT)
    })

    test('of many guesses at the same time on two nodes no more are evaluated than the limit', async () => {
      const account = someone()
      let evaluated = 0
      const guess = async () => {
        evaluated += 1
        return null
      }
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, at) =>
          (at % 2 ? project : other).auth.lockout
            .guard({ account, client: fromSomewhere() }, guess)
            .catch((error: ApiError) => error.code),
        ),
      )
      assert.equal(evaluated, 5)
      const refusals = ['throttled', 'account_locked', 'service_unavailable']
      assert.ok(outcomes.every((outcome) => outcome === null || refusals.includes(outcome)))
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
    })

    test('a guess that is still being evaluated counts, and others are told to try again in a second', async () => {
      const account = someone()
      const client = fromSomewhere()
      const answers = Promise.withResolvers<null>()
      const pending = Array.from({ length: 5 }, () =>
        project.auth.lockout.guard({ account, client }, () => answers.promise),
      )
      while ((await reservedOf(5)) === 0) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(await tryWith(account, RIGHT, { on: other }), 'throttled 1')
      answers.resolve(null)
      await Promise.all(pending)
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
    })
    const reservedOf = (attempts: number) =>
      project.system.query(AttemptCounter).filter({ attempts, failures: 0 }).count()

    test('a guess whose process died counts as wrong', async () => {
      const account = someone()
      const never = new Promise<null>(() => {})
      const dying = await project.addNode()
      for (let at = 0; at < 5; at += 1) {
        dying.auth.lockout.guard({ account, client: fromSomewhere() }, () => never)
      }
      while ((await reservedOf(5)) === 0) await new Promise((resolve) => setImmediate(resolve))
      project.clock.advance(MINUTE_MS + 1)
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
    })

    test('a right guess clears the count', async () => {
      const account = someone()
      await failTimes(4, account)
      assert.equal(await tryWith(account, RIGHT), RIGHT)
      assert.deepEqual(await failTimes(4, account), Array(4).fill('wrong'))
      assert.equal(await tryWith(account, RIGHT), RIGHT)
    })

    test('a right password that a second factor must follow does not clear it', async () => {
      const account = someone()
      for (let at = 0; at < 5; at += 1) {
        assert.equal(await tryWith(account, RIGHT, { isLast: () => false }), RIGHT)
        assert.equal(await tryWith(account, 'x'), 'wrong')
      }
      assert.equal(await tryWith(account, RIGHT, { isLast: () => false }), 'account_locked 900')
    })

    test('wrong guesses count until fifteen minutes pass without any', async () => {
      const account = someone()
      for (let at = 0; at < 4; at += 1) {
        assert.equal(await tryWith(account, 'x'), 'wrong')
        project.clock.advance(14 * MINUTE_MS)
      }
      assert.equal(await tryWith(account, 'x'), 'wrong')
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
      const patient = someone()
      await failTimes(4, patient)
      project.clock.advance(15 * MINUTE_MS)
      assert.deepEqual(await failTimes(4, patient), Array(4).fill('wrong'))
      assert.equal(await tryWith(patient, RIGHT), RIGHT)
    })

    test('each lock lasts twice as long as the one before, to a day; a day of quiet makes it short again', async () => {
      const account = someone()
      const seconds = []
      for (let at = 0; at < 9; at += 1) {
        await failTimes(5, account)
        const answer = await tryWith(account, RIGHT)
        const wait = Number(answer.split(' ')[1])
        seconds.push(wait)
        project.clock.advance(wait * 1000)
      }
      assert.deepEqual(seconds, [900, 1800, 3600, 7200, 14_400, 28_800, 57_600, 86_400, 86_400])
      project.clock.advance(DAY_MS + 1)
      await failTimes(5, account)
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
    })

    test('a guess that could not be evaluated does not count, one that is refused does', async () => {
      const account = someone()
      const client = fromSomewhere()
      const broken = () => project.auth.lockout.guard({ account, client }, () => Promise.reject(new Error('down')))
      for (let at = 0; at < 6; at += 1) await assert.rejects(broken, /down/)
      const busy = () => Promise.reject(new ApiError('service_unavailable'))
      for (let at = 0; at < 6; at += 1) await assert.rejects(project.auth.lockout.guard({ account, client }, busy))
      assert.equal(await tryWith(account, RIGHT), RIGHT)
      const failLater = (isRight: boolean) =>
        project.auth.lockout.guard({ account, client }, (evaluated) => {
          evaluated(isRight)
          return Promise.reject(new Error('down'))
        })
      for (let at = 0; at < 6; at += 1) await assert.rejects(failLater(true), /down/)
      for (let at = 0; at < 5; at += 1) await assert.rejects(failLater(false), /down/)
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
      await project.auth.lockout.clear(project.system, account)
      const refuse = () => Promise.reject(new ApiError('invalid_credentials'))
      for (let at = 0; at < 5; at += 1) await assert.rejects(project.auth.lockout.guard({ account, client }, refuse))
      assert.equal(await tryWith(account, RIGHT), 'account_locked 900')
    })

    test('an address that guesses at many accounts is kept from guessing, and all of its /64', async () => {
      const client = fromSomewhere()
      const neighbour = { ...client, ip: client.ip?.replace('::1', ':aaaa::2') ?? null }
      for (let at = 0; at < 50; at += 1) assert.equal(await tryWith(someone(), 'x', { client }), 'wrong')
      const account = someone()
      assert.equal(await tryWith(account, RIGHT, { client: neighbour }), 'throttled 900')
      assert.equal(await tryWith(account, RIGHT), RIGHT)
      const counters = await project.system.query(AttemptCounter).count()
      for (let at = 0; at < 3; at += 1) assert.equal(await tryWith(someone(), 'x', { client }), 'throttled 900')
      assert.equal(await project.system.query(AttemptCounter).count(), counters)
      project.clock.advance(15 * MINUTE_MS)
      assert.equal(await tryWith(account, RIGHT, { client }), RIGHT)
    })

    test('right guesses do not count for an address', async () => {
      const client = fromSomewhere()
      for (let at = 0; at < 60; at += 1) assert.equal(await tryWith(someone(), RIGHT, { client }), RIGHT)
      assert.equal(await tryWith(someone(), 'x', { client }), 'wrong')
    })

    test('a trusted device is not kept out by what others guess, and has a limit of its own', async () => {
      const account = someone()
      const client = fromSomewhere()
      await failTimes(5, account, { client })
      assert.equal(await tryWith(account, RIGHT, { client }), 'account_locked 900')
      const deviceId = newId()
      assert.equal(await tryWith(account, RIGHT, { client, deviceId }), RIGHT)
      assert.equal(await tryWith(account, RIGHT, { client }), 'account_locked 900')
      await failTimes(5, account, { client, deviceId })
      assert.equal(await tryWith(account, RIGHT, { client, deviceId }), 'account_locked 900')
      assert.equal(await tryWith(account, RIGHT, { client, deviceId: newId() }), RIGHT)
    })

    test('a locked account can be unlocked, and is told of until when it is locked', async () => {
      const account = someone()
      await failTimes(5, account)
      const nowMs = project.clock.now()
      const until = await project.auth.lockout.lockedUntil(project.system, account)
      assert.equal(until?.getTime(), nowMs + 15 * MINUTE_MS)
      const business = await project.makeBusiness('Acme')
      await project.inBusiness(business).transaction((tx) => project.auth.lockout.clear(tx, account))
      assert.equal(await project.auth.lockout.lockedUntil(project.system, account), null)
      assert.equal(await tryWith(account, RIGHT), RIGHT)
    })

    test('a lock is written down once, and the owner is to be told; for an address without an account, alike', async () => {
      const { id, email } = await makeUser()
      const client = { ...fromSomewhere(), userAgent: 'Mozilla' }
      const written = async () => [
        await project.system.query(project.models.securityEvent).filter({ kind: 'account_locked' }).count(),
        await project.system.query(OutboxEntry).filter({ topic: 'account_locked' }).count(),
      ]
      const [events = 0, entries = 0] = await written()
      await Promise.all(
        Array.from({ length: 20 }, (_, at) => tryWith(email, 'x', { client, on: at % 2 ? other : project })),
      )
      assert.deepEqual(await written(), [events + 1, entries + 1])
      const event = await project.system
        .query(project.models.securityEvent)
        .filter({ kind: 'account_locked', user: id })
        .get({ user: id })
      assert.deepEqual([event.ip, event.user_agent], [client.ip, 'Mozilla'])
      await failTimes(5, someone())
      assert.deepEqual(await written(), [events + 2, entries + 2])
    })

    test('counters that mean nothing any more are removed', async () => {
      const account = someone()
      await failTimes(5, account)
      project.clock.advance(DAY_MS)
      await project.auth.lockout.flushExpired(project.system)
      assert.notEqual(await project.system.query(AttemptCounter).count(), 0)
      project.clock.advance(2 * DAY_MS)
      await project.auth.lockout.flushExpired(project.system)
      assert.equal(await project.system.query(AttemptCounter).count(), 0)
    })

    test('a recipient gets five e-mails an hour; an address may ask for fifty', async () => {
      const client = fromSomewhere()
      const email = someone()
      const { emailLimit } = project.auth
      const taken = await Promise.all(
        Array.from({ length: 10 }, (_, at) => (at % 2 ? project : other).auth.emailLimit.take({ email, client })),
      )
      assert.equal(taken.filter((isTaken) => isTaken).length, 5)
      assert.equal(await emailLimit.take({ email: email.toUpperCase(), client: fromSomewhere() }), false)
      for (let at = 0; at < 40; at += 1) assert.equal(await emailLimit.take({ email: someone(), client }), true)
      project.clock.advance(10 * MINUTE_MS)
      const refused = { code: 'throttled', headers: { 'retry-after': '3000' } }
      await assert.rejects(emailLimit.take({ email: someone(), client }), refused)
      project.clock.advance(50 * MINUTE_MS)
      assert.equal(await emailLimit.take({ email, client }), true)
    })
  })
}
