import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { MailError, MemoryMailer, OutboxEntry } from '@bailiwick/kit/mail'
import { type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { project } from '../core/project.ts'

/** A server of mail that takes messages and never answers, or is down. */
class AbsentMailer extends MemoryMailer {
  readonly #isHanging: boolean
  readonly #broken = Promise.withResolvers<never>()
  tried = 0

  constructor({ isHanging }: { readonly isHanging: boolean }) {
    super()
    this.#isHanging = isHanging
    this.#broken.promise.catch(() => {})
  }

  override async send(): Promise<void> {
    this.tried++
    if (this.#isHanging) await this.#broken.promise
    throw new MailError('unreachable', 'ECONNREFUSED: connect')
  }

  override async close(): Promise<void> {
    this.#broken.reject(new MailError('unreachable', 'The mailer was closed'))
  }
}

const ENDPOINTS = [
  ['/api/account/register/', { email: 'new@acme.test', name: 'New', password: 'Correct-horse-battery-9' }],
  ['/api/account/password/reset/', { email: 'asha@acme.test' }],
  ['/api/account/password/reset/', { email: 'nobody@acme.test' }],
  ['/api/account/email/resend/', { email: 'asha@acme.test' }],
] as const

for (const source of testDatabases()) {
  describe(`the endpoints that send mail, on ${source.name}`, () => {
    let app: TestProject
    afterEach(() => app.close())

    for (const isHanging of [false, true]) {
      it(`answer as ever while the server of mail ${isHanging ? 'hangs' : 'is down'}, and their messages wait`, async () => {
        app = await testProject(project, { source })
        await app.make.user({ email: 'asha@acme.test' })
        const answers = await Promise.all(ENDPOINTS.map(([path, body]) => app.guest.post(path, body)))
        await app.mail.settle()
        await app.close()
        const mailer = new AbsentMailer({ isHanging })
        app = await testProject(project, { source, mailer })
        await app.make.user({ email: 'asha@acme.test' })
        const others = await Promise.all(ENDPOINTS.map(([path, body]) => app.guest.post(path, body)))
        assert.deepEqual(
          others.map(({ status, body }) => [status, body.message]),
          answers.map(({ status, body }) => [status, body.message]),
        )
        while (mailer.tried < 2) await new Promise((settle) => setTimeout(settle, 5))
        const mails = await app.context().query(OutboxEntry).filter({ topic: 'mail' }).all()
        assert.ok(mails.length >= 2)
        assert.equal(
          mails.every(({ done_at, failed_at }) => done_at === null && failed_at === null),
          true,
        )
      })
    }
  })
}
