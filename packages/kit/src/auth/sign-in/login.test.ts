import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { QueryLog, type Statement } from '../../db/index.ts'
import { hashPassword, PasswordHasher } from '../index.ts'
import { CLIENT, databases, openProject, PASSWORD, type Project, User } from '../tests/project.ts'

const NO_CREDENTIALS = { name: 'ApiError', code: 'invalid_credentials', status: 401 }

/** Remembers what was asked of which tables, in order. */
class Recorder extends QueryLog {
  readonly statements: string[] = []

  constructor() {
    super({ target: { warn: () => {} }, slowMs: 0, findsRepeats: false })
  }

  override note(statement: Statement): void {
    this.statements.push(statement.sql.match(/^\w+|(?<=(?:from|into|update) ["`])\w+/g)?.join(' ') ?? '')
  }
}

/** Counts how often a password is verified, which is what takes the time. */
class CountingHasher extends PasswordHasher {
  verified = 0

  override verify(password: string, hashed: string | null): Promise<boolean> {
    this.verified += 1
    return super.verify(password, hashed)
  }
}

for (const source of databases) {
  describe(`a refused login on ${source.name}`, () => {
    let project: Project
    const passwords = new CountingHasher()
    before(async () => {
      project = await openProject(source, undefined, passwords)
    })
    after(() => project.close())

    it('asks the same of the database and of the processor, whatever is wrong', async () => {
      const known = await project.makeUser({ name: 'Asha', email: `${newId()}@acme.test` })
      const inactive = await project.makeUser({ name: 'Bela', email: `${newId()}@acme.test`, is_active: false })
      const without = await project.system.query(User).create({ name: 'Chandra', email: `${newId()}@acme.test` })
      const works: { statements: readonly string[]; verified: number }[] = []
      // The first of all also removes counters that have run out.
      await assert.rejects(project.auth.login({ email: 'first@acme.test', password: 'x' }, CLIENT), NO_CREDENTIALS)
      for (const [email, password] of [
        [known.email, 'wrong'],
        [`${newId()}@acme.test`, PASSWORD],
        [inactive.email, PASSWORD],
        [without.email, PASSWORD],
      ] as const) {
        const queryLog = new Recorder()
        passwords.verified = 0
        await assert.rejects(project.auth.login({ email, password }, { ...CLIENT, queryLog }), NO_CREDENTIALS)
        works.push({ statements: queryLog.statements, verified: passwords.verified })
      }
      const [first, ...others] = works
      assert.ok(first?.statements.includes('select account_user'), String(first?.statements))
      for (const other of others) assert.deepEqual(other, first)
    })

    it('is in the security log, of the account if there is one', async () => {
      const user = await project.makeUser({ name: 'Dev', email: `${newId()}@acme.test` })
      const { securityEvent } = project.models
      const count = () => project.system.query(securityEvent).filter({ kind: 'login_failed' }).count()
      const before = await count()
      const unknown = `${newId()}@acme.test`
      for (const email of [user.email, unknown]) {
        await assert.rejects(project.auth.login({ email, password: 'wrong' }, CLIENT), NO_CREDENTIALS)
      }
      assert.equal((await count()) - before, 2)
      const [event] = await project.system.query(securityEvent).filter({ user: user.id }).all()
      assert.deepEqual([event?.kind, event?.ip, event?.user_agent], ['login_failed', '127.0.0.1', 'test'])
      assert.equal(JSON.stringify(await project.system.query(securityEvent).all()).includes(unknown), false)
    })

    it('leaves no session behind if the password is changed while it is being verified', async () => {
      const user = await project.makeUser({ name: 'Esha', email: `${newId()}@acme.test` })
      passwords.verify = async () => {
        await project.system
          .query(User)
          .filter({ id: user.id })
          .update({ password: await hashPassword('Another-pass-2031') })
        return true
      }
      const login = project.auth.login({ email: user.email, password: PASSWORD }, CLIENT)
      await assert.rejects(login, NO_CREDENTIALS)
      Reflect.deleteProperty(passwords, 'verify')
      const { session } = project.models
      assert.equal(await project.system.query(session).filter({ user: user.id }).count(), 0)
    })
  })
}
