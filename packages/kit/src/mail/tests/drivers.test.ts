import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readSettings } from '../../settings/index.ts'
import { describeMailer } from '../../testing/mailer-contract.ts'
import {
  ConsoleMailer,
  createMailer,
  DummyMailer,
  FileMailer,
  type MailMessage,
  MemoryMailer,
  maskAddress,
  maskAddresses,
  SmtpMailer,
} from '../index.ts'
import { readMail } from './read-mail.ts'
import { TestClock } from './stage.ts'

const MESSAGE: MailMessage = {
  from: 'Acme <no-reply@acme.example>',
  to: 'asha@acme.test',
  subject: 'Hello',
  text: 'Hello Asha.\n',
  html: '<p>Hello</p>',
  messageId: 'first/../one@acme.example',
}

describeMailer('memory', async () => {
  const mailer = new MemoryMailer()
  return { mailer, arrived: async () => mailer.messages, close: () => mailer.close() }
})

describeMailer('console', async () => {
  const written: string[] = []
  const mailer = new ConsoleMailer({ write: (text) => written.push(text) })
  const arrived = async () => written.map((text) => readMail(text.replace(/\n-{79}\n$/, '')))
  return { mailer, arrived, close: () => mailer.close() }
})

describeMailer('file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-'))
  const clock = new TestClock()
  const mailer = new FileMailer({ folder: join(folder, 'made', 'when-needed'), clock })
  const seen = new Map<string, ReturnType<typeof readMail>>()
  const arrived = async () => {
    for (const file of filesIn(join(folder, 'made', 'when-needed'))) {
      if (!seen.has(file)) seen.set(file, readMail(readFileSync(file, 'utf8')))
    }
    return [...seen.values()]
  }
  return { mailer, arrived, close: async () => rmSync(folder, { recursive: true }) }
})

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((file) => join(folder, file))
  } catch {
    return [] // nothing has been sent yet
  }
}

describe('the file driver', () => {
  it('writes files that only their owner reads, and whose names stay in the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-'))
    await new FileMailer({ folder: join(folder, 'mail'), clock: new TestClock() }).send(MESSAGE)
    const [file, ...others] = readdirSync(join(folder, 'mail'))
    assert.deepEqual([file, others], ['20260301-120000-000-first____one.eml', []])
    assert.equal(statSync(join(folder, 'mail', file ?? '')).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'mail')).mode & 0o777, 0o700)
    rmSync(folder, { recursive: true })
  })

  it('lets a message wait that cannot be written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mail-'))
    writeFileSync(join(folder, 'taken'), '')
    const mailer = new FileMailer({ folder: join(folder, 'taken') })
    await assert.rejects(mailer.send(MESSAGE), { failure: 'unreachable', message: /EMAIL_FILE_PATH: E(NOTDIR|EXIST)/ })
    rmSync(folder, { recursive: true })
  })
})

describe('the settings of mail', () => {
  const emailOf = (environment: Record<string, string>) => readSettings({ DEBUG: 'true', ...environment }).email

  it('take the short names of drivers and Django’s', () => {
    for (const [name, driver] of [
      ['smtp', SmtpMailer],
      ['console', ConsoleMailer],
      ['file', FileMailer],
      ['memory', MemoryMailer],
      ['dummy', DummyMailer],
      ['django.core.mail.backends.smtp.EmailBackend', SmtpMailer],
      ['django.core.mail.backends.console.EmailBackend', ConsoleMailer],
      ['django.core.mail.backends.filebased.EmailBackend', FileMailer],
      ['django.core.mail.backends.locmem.EmailBackend', MemoryMailer],
      ['django.core.mail.backends.dummy.EmailBackend', DummyMailer],
    ] as const) {
      const environment = { EMAIL_BACKEND: name, EMAIL_HOST: 'smtp.acme.example' }
      assert.ok(createMailer(emailOf(environment)) instanceof driver, name)
    }
  })

  it('send by SMTP if there is a host, and show messages in development if there is none', () => {
    assert.equal(emailOf({}).backend, 'console')
    assert.equal(emailOf({ EMAIL_HOST: 'smtp.acme.example' }).backend, 'smtp')
  })

  for (const [environment, message] of [
    [{ EMAIL_BACKEND: 'sendgrid' }, /EMAIL_BACKEND: got "sendgrid", wanted smtp, console, file, memory, dummy/],
    [{ EMAIL_BACKEND: 'django.core.mail.backends.toString' }, /EMAIL_BACKEND/],
    [{ EMAIL_BACKEND: 'smtp' }, /EMAIL_HOST: got nothing/],
    [
      { EMAIL_USE_TLS: '1', EMAIL_USE_SSL: '1', EMAIL_HOST: 'a.example' },
      /EMAIL_USE_SSL: got true, wanted false, as EMAIL_USE_TLS is true/,
    ],
    [{ DEFAULT_FROM_EMAIL: 'Acme' }, /DEFAULT_FROM_EMAIL: got "Acme", wanted an address/],
    [{ EMAIL_TIMEOUT: '600' }, /EMAIL_TIMEOUT/],
  ] as const) {
    it(`refuse ${JSON.stringify(environment)}`, () => {
      assert.throws(() => emailOf(environment), { name: 'SettingsError', message })
    })
  }

  it('keep messages off the standard output without DEBUG, and wait for a server', async () => {
    const secret = 'mail-test-only-8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7n'
    const production = { SECRET_KEY: secret, JWT_SECRET_KEY: secret, ALLOWED_HOSTS: 'acme.example' }
    const { email } = readSettings(production)
    assert.equal(email.backend, 'smtp')
    const message = { from: 'a@acme.test', to: 'b@acme.test', subject: 'x', text: 'x', messageId: 'x@acme.test' }
    await assert.rejects(createMailer(email).send(message), { message: 'EMAIL_HOST is not set' })
    assert.equal(readSettings({ ...production, EMAIL_BACKEND: 'dummy' }).email.backend, 'dummy')
    assert.equal(readSettings({ ...production, EMAIL_HOST: 'smtp.acme.example' }).email.backend, 'smtp')
  })
})

describe('a masked address', () => {
  it('shows its first character and its domain', () => {
    assert.equal(maskAddress('asha@acme.test'), 'a…@acme.test')
    assert.equal(maskAddress('nobody'), '…')
    assert.equal(
      maskAddresses('550 <asha.b+c@acme.test> no, "a b"@acme.test nor bo@x'),
      '550 <a…@acme.test> no, "…@acme.test nor b…@x',
    )
  })
})
