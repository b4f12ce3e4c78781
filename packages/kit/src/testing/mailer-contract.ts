import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MailError, type Mailer, type MailMessage } from '../mail/index.ts'

/** A message as it arrived. */
export interface ArrivedMail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Without angle brackets. */
  readonly messageId: string
}

/** A driver of mail, open, with a view of what it has sent. */
export interface OpenMailer {
  readonly mailer: Mailer
  /** All that has arrived so far, in the order of arrival. */
  arrived(): Promise<readonly ArrivedMail[]>
  close(): Promise<void>
}

const MESSAGE: MailMessage = {
  from: 'Acme <no-reply@acme.example>',
  to: 'asha@acme.test',
  subject: 'Hello',
  text: 'Hello Asha.\n',
  html: '<p>Hello Asha.</p>',
  messageId: 'first@acme.example',
}

/** What every driver of mail must do. For the tests of a driver of your own too. */
export function describeMailer(name: string, open: () => Promise<OpenMailer>): void {
  describe(`the mail contract on ${name}`, () => {
    let opened: OpenMailer
    before(async () => {
      opened = await open()
    })
    after(() => opened.close())

    /** What arrived while something was done. */
    async function arrivedBy(work: (mailer: Mailer) => Promise<void>): Promise<readonly ArrivedMail[]> {
      const before = (await opened.arrived()).length
      await work(opened.mailer)
      return (await opened.arrived()).slice(before)
    }

    it('brings a message to its receiver, as it is', async () => {
      const [mail, ...others] = await arrivedBy((mailer) => mailer.send(MESSAGE))
      assert.deepEqual(others, [])
      assert.match(mail?.from ?? '', /no-reply@acme\.example/)
      const { to, subject, text, messageId } = mail ?? {}
      assert.deepEqual([to, subject, text?.trim(), messageId], [MESSAGE.to, 'Hello', 'Hello Asha.', MESSAGE.messageId])
    })

    it('keeps every script, long lines, links, and lines that mean something to a protocol', async () => {
      const link = `https://acme.example/reset-password?token=${'a1=B2_'.repeat(60)}`
      const text = `مرحبًا آشا،\n\n${link}\n\n.\n..\nFrom here\n${'word '.repeat(300).trim()} 🙂\n`
      const subject = 'تأكيد البريد الإلكتروني — a subject that is longer than one line of a header may be 🙂'
      const [mail] = await arrivedBy((mailer) =>
        mailer.send({ ...MESSAGE, subject, text, messageId: 'second@acme.example' }),
      )
      assert.equal(mail?.text.replaceAll('\r\n', '\n').trim(), text.trim())
      assert.equal(mail.subject, subject)
    })

    it('sends a message that has no HTML', async () => {
      const { html: _, ...plain } = MESSAGE
      const [mail] = await arrivedBy((mailer) => mailer.send({ ...plain, messageId: 'plain@acme.example' }))
      assert.equal(mail?.text.trim(), 'Hello Asha.')
    })

    it('sends several at a time', async () => {
      const ids = Array.from({ length: 12 }, (_, index) => `many-${index}@acme.example`)
      const mails = await arrivedBy(async (mailer) => {
        await Promise.all(ids.map((messageId) => mailer.send({ ...MESSAGE, messageId })))
      })
      assert.deepEqual(mails.map(({ messageId }) => messageId).toSorted(), ids.toSorted())
    })

    const FORGERIES: readonly Partial<MailMessage>[] = [
      { subject: 'Hello\r\nBcc: all@acme.test' },
      { subject: 'Hello\nBcc: all@acme.test' },
      { subject: 'Hello\u2028Bcc: all@acme.test' },
      { subject: '' },
      { subject: 'a'.repeat(501) },
      { to: 'asha@acme.test\r\nRCPT TO:<all@acme.test>' },
      { to: 'asha@acme.test, all@acme.test' },
      { to: 'asha@acme.test> <all@acme.test' },
      { to: 'Asha <asha@acme.test>' },
      { to: 'staff:asha@acme.test,all@acme.test;' },
      { to: 'asha' },
      { to: '' },
      { from: 'Acme\r\nBcc: all@acme.test <no-reply@acme.example>' },
      { from: 'Acme' },
      { messageId: 'first@acme.example>\r\nBcc: all@acme.test' },
      { messageId: 'first' },
    ]
    for (const forgery of FORGERIES) {
      it(`refuses for good, and sends nothing: ${JSON.stringify(forgery).slice(0, 80)}`, async () => {
        const mails = await arrivedBy(async (mailer) => {
          const isRefusal = (error: unknown) => error instanceof MailError && error.failure === 'refused'
          await assert.rejects(mailer.send({ ...MESSAGE, ...forgery }), isRefusal)
        })
        assert.deepEqual(mails, [])
      })
    }

    it('sends nothing any more once it is closed, which may be done twice', async () => {
      const mails = await arrivedBy(async (mailer) => {
        await mailer.close()
        await mailer.close()
        await assert.rejects(mailer.send(MESSAGE), { name: 'MailError', failure: 'unreachable' })
      })
      assert.deepEqual(mails, [])
    })
  })
}
