import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ManageProcess, printed, stop } from './manage-process.ts'

const SECRET_KEY = 'mail-commands-only-8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB'

/** Puts a message into the outbox, as an endpoint does. */
const ADD = (code: string) => `
  const { createOutbox, kitMail } = await import('@bailiwick/kit/mail')
  const { SecretBox } = await import('@bailiwick/kit/base')
  const outbox = createOutbox({ box: new SecretBox([process.env.SECRET_KEY]) })
  await outbox.add(ctx, kitMail('email_code', { to: 'asha@acme.test', language: 'en', values: { name: 'Asha', code: '${code}' } }))`

describe('the commands of mail', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['migrate'])
    assert.equal(code, 0, stderr)
  })
  after(() => manage?.remove())

  const toFiles = () => ({ SECRET_KEY, EMAIL_BACKEND: 'file', EMAIL_FILE_PATH: join(manage.folder, 'mail') })
  const written = () =>
    readdirSync(join(manage.folder, 'mail')).map((file) => readFileSync(join(manage.folder, 'mail', file), 'utf8'))
  const add = async (code: string) => {
    const added = await manage.run(['shell', '-c', ADD(code)], { environment: toFiles() })
    assert.equal(added.code, 0, added.stderr)
  }

  test('a test message is shown on the console in development', async () => {
    const { code, stdout } = await manage.run(['sendtestemail', 'asha@acme.test', 'bo@acme.test'])
    assert.equal(code, 0)
    assert.match(stdout, /^To: asha@acme\.test$/m)
    assert.match(stdout, /^To: bo@acme\.test$/m)
    assert.match(stdout, /^Subject: Test email from .+ on \d{4}-/m)
    assert.match(stdout, /If you're reading this, it was successful\./)
  })

  test('a test message is written to a file, and may be from whom the settings say', async () => {
    const environment = { ...toFiles(), DEFAULT_FROM_EMAIL: 'Acme <no-reply@acme.example>' }
    const { code, stdout } = await manage.run(['sendtestemail', 'asha@acme.test'], { environment })
    assert.deepEqual([code, stdout], [0, 'Sent to asha@acme.test by file.\n'])
    assert.match(written()[0] ?? '', /^From: Acme <no-reply@acme\.example>$/m)
  })

  test('a test message that cannot be sent tells why, in one line', async () => {
    const environment = { EMAIL_HOST: '127.0.0.1', EMAIL_PORT: '1' }
    const down = await manage.run(['sendtestemail', 'asha@acme.test'], { environment })
    assert.equal(down.code, 1)
    assert.match(down.stderr, /^CommandError: Cannot send by smtp: .*ECONNREFUSED.*\n$/)
    const malformed = await manage.run(['sendtestemail', 'asha'])
    assert.equal(malformed.code, 1)
    assert.match(malformed.stderr, /^CommandError: Cannot send by console: The receiver must be one address/)
    assert.equal((await manage.run(['sendtestemail'])).code, 2)
  })

  test('what waits in the outbox is sent without a server', async () => {
    await add('111111')
    const { code, stdout, stderr } = await manage.run(['workoutbox', '--once'], { environment: toFiles() })
    assert.equal(code, 0, stderr)
    assert.equal(stdout, 'Entries tried: 1. Waiting: 0. Given up: 0.\n')
    assert.ok(written().some((text) => text.includes('111111')))
    const again = await manage.run(['workoutbox', '--once'], { environment: toFiles() })
    assert.equal(again.stdout, 'Entries tried: 0. Waiting: 0. Given up: 0.\n')
  })

  test('a worker sends what comes until it is told to stop', async () => {
    const worker = manage.start(['workoutbox'], { environment: toFiles() })
    try {
      await printed(worker, /Working off the outbox/)
      await add('222222')
      while (!written().some((text) => text.includes('222222'))) await new Promise((settle) => setTimeout(settle, 50))
    } finally {
      await stop(worker)
    }
    assert.equal(worker.exitCode, 0)
  })

  test('what was given up is told by a check, and tried again when that is asked for', async () => {
    await add('333333')
    const since = 'new Date(Date.now() - 3600e3)'
    await manage.run([
      'shell',
      '-c',
      `await ctx.query(OutboxEntry).filter({ done_at__isnull: true }).update({ available_at: ${since} })`,
    ])
    const waits = await manage.run(['check', '--database'])
    assert.doesNotMatch(waits.stdout, /mail\.W90/, 'it has not waited for long')
    await manage.run([
      'shell',
      '-c',
      `await ctx.query(OutboxEntry).filter({ done_at__isnull: true }).update({ failed_at: new Date() })`,
    ])
    const checked = await manage.run(['check', '--database'])
    assert.match(checked.stdout, /kit\.OutboxEntry: \(mail\.W905\) 1 entries of the outbox were given up/)
    const retried = await manage.run(['workoutbox', '--once', '--retry-failed'], { environment: toFiles() })
    assert.equal(retried.stdout, 'Entries to be tried again: 1\nEntries tried: 1. Waiting: 0. Given up: 0.\n')
    assert.ok(written().some((text) => text.includes('333333')))
  })
})

describe('a template that is not well written', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.copy()
    const folder = join(manage.root, 'templates/emails/en')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'reset_password.txt'), 'Subject: New password\n\nHi {{ nmae }},\n')
  })
  after(() => manage?.remove())

  const WRONG = /en\/reset_password\.txt: \{\{ nmae \}\} is not given to this message: it has name, link, token\n/

  test('stops the start of the server, in one line', async () => {
    const { code, stderr } = await manage.run(['serve'])
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`^CommandError: .*${WRONG.source}$`))
  })

  test('is found by check', async () => {
    const { code, stderr } = await manage.run(['check'])
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`templates: \\(mail\\.E901\\) .*${WRONG.source}`))
  })
})
