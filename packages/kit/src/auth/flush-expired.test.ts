import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AttemptCounter, type Flushed, flushExpired, Revocation } from './index.ts'
import {
  CLIENT,
  DAY_MS,
  databases,
  openProject,
  PASSWORD,
  type Project,
  SETTINGS,
  withTokens,
} from './tests/project.ts'

for (const source of databases) {
  describe(`what has expired on ${source.name}`, () => {
    let project: Project
    before(async () => {
      project = await openProject(source)
    })
    after(() => project.close())

    const flush = (): Promise<Flushed> =>
      flushExpired(project.system, { models: project.models, lockout: SETTINGS.lockout, securityLogDays: 365 })
    const NONE = {
      sessions: 0,
      oneTimeTokens: 0,
      trustedDevices: 0,
      attemptCounters: 0,
      revocations: 0,
      securityEvents: 0,
    }

    it('is removed once, and nothing else', async () => {
      const { system, models, clock, auth } = project
      const user = await project.makeUser({ name: 'Asha' })
      const login = async () => withTokens(await auth.login({ email: user.email, password: PASSWORD }, CLIENT))
      const times = (lifetimeMs: number) => ({
        created_at: new Date(clock.now()),
        expires_at: new Date(clock.now() + lifetimeMs),
      })
      for (const [count, lifetimeMs] of [DAY_MS, 100 * DAY_MS].entries()) {
        const token_hash = `hash-${count}`
        await system.query(models.oneTimeToken).create({ purpose: 'challenge', token_hash, ...times(lifetimeMs) })
        const last_used_at = new Date(clock.now())
        const device = { user: user.id, token_hash, last_used_at, ...times(lifetimeMs) }
        await system.query(models.trustedDevice).create(device)
      }
      await login()
      for (let count = 0; count < 3; count++) await auth.userChanged(system, user.id)
      const guess = auth.login({ email: 'nobody@acme.test', password: 'wrong' }, CLIENT)
      await assert.rejects(guess, { code: 'invalid_credentials' })
      assert.deepEqual(await flush(), NONE)

      clock.advance(61 * DAY_MS)
      await system.query(AttemptCounter).create({
        key: 'fresh',
        window_started_at: new Date(clock.now()),
        updated_at: new Date(clock.now()),
      })
      const flushed = await flush()
      assert.deepEqual(
        { ...flushed, attemptCounters: 0 },
        { ...NONE, sessions: 1, oneTimeTokens: 1, trustedDevices: 1, revocations: 2 },
      )
      assert.ok(flushed.attemptCounters > 0)
      assert.equal(await system.query(AttemptCounter).filter({ key: 'fresh' }).count(), 1)
      assert.equal(await system.query(Revocation).count(), 1)
      assert.deepEqual(await flush(), NONE)
      const { access } = await login()
      assert.deepEqual(await flush(), NONE)
      assert.ok(await auth.authenticate(`Bearer ${access}`))

      clock.advance(365 * DAY_MS)
      const before = await system.query(models.securityEvent).count()
      const old = (await flush()).securityEvents
      assert.ok(old > 0)
      assert.equal(await system.query(models.securityEvent).count(), before - old)
    })
  })
}
