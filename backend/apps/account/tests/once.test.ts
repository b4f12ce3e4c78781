import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type MadeUser, type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'
import { Business } from '../../business/models.ts'
import { challengeOf, codeOf, EMAIL_CODE, enrol, SECOND_FACTOR, sources } from './enrolled.ts'

const AT_ONCE = 100

/** What the others are told: that it is too late, or, beyond those who may wait, to come again. */
const TOO_LATE = ['invalid_code', 'token_not_valid', 'service_unavailable']

/** So that nothing but the one use of a code keeps the others out. */
const NO_LOCKOUT = { LOCKOUT_FAILURES: '1000', LOCKOUT_ADDRESS_FAILURES: '100000' }

for (const source of sources) {
  describe(`a code that a hundred bring at once on ${source.name}`, () => {
    let app: TestProject
    before(async () => {
      app = await testProject(project, { source, environment: NO_LOCKOUT })
    })
    after(() => app.close())

    /** How often each status came. Each brings the code with a challenge of its own, or all with the same. */
    async function outcomes(challenges: readonly string[], step: object) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) =>
          app.guest.post(SECOND_FACTOR, { challenge: challenges[at % challenges.length], ...step }),
        ),
      )
      const counts: Record<string, number> = {}
      for (const { status, body } of answers) {
        const outcome = status === 200 ? 'let in' : String(body.code)
        counts[outcome] = (counts[outcome] ?? 0) + 1
      }
      return counts
    }

    async function challengesOf(user: MadeUser, count: number): Promise<string[]> {
      const challenges: string[] = []
      while (challenges.length < count) challenges.push(await challengeOf(app, user))
      return challenges
    }

    const made = async () => app.make.user({ business: await app.make.business(), role: 'agent' })

    it('lets one in by a code of the app', async () => {
      const { user, secret } = await enrol(app, await made())
      const challenges = await challengesOf(user, 25)
      const { 'let in': letIn, ...refused } = await outcomes(challenges, { code: codeOf(secret) })
      assert.equal(letIn, 1)
      assert.deepEqual(
        Object.keys(refused).filter((code) => !TOO_LATE.includes(code)),
        [],
      )
    })

    it('lets one in by a recovery code', async () => {
      const { user, recoveryCodes } = await enrol(app, await made())
      const challenges = await challengesOf(user, 25)
      const { 'let in': letIn, ...refused } = await outcomes(challenges, { recovery_code: recoveryCodes[0] })
      assert.equal(letIn, 1)
      assert.deepEqual(
        Object.keys(refused).filter((code) => !TOO_LATE.includes(code)),
        [],
      )
    })

    it('lets one in by a code from an e-mail', async () => {
      const business = await app.make.business()
      const user = await app.make.user({ business, role: 'agent' })
      const allowed = { two_factor_roles: ['agent'], allows_email_code: true } as const
      await app.context().query(Business).filter({ id: business.id }).update(allowed)
      const challenges = await challengesOf(user, 25)
      await app.guest.post(EMAIL_CODE, { challenge: challenges[0] })
      const { code } = await app.mail.last(user.email, 'email_code')
      const { 'let in': letIn } = await outcomes(challenges, { code })
      assert.equal(letIn, 1)
    })

    it('lets one in by one challenge, whatever is brought with it', async () => {
      const { user, recoveryCodes } = await enrol(app, await made())
      const challenge = await challengeOf(app, user)
      const answers = await Promise.all(
        recoveryCodes.map((recovery_code) => app.guest.post(SECOND_FACTOR, { challenge, recovery_code })),
      )
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    })
  })
}
