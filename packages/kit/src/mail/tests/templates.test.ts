import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { createMailTemplates, KIT_TEMPLATES, type KitTemplate, kitMail } from '../index.ts'
import { placeholdersIn } from '../templates/template-text.ts'

const LINK = 'https://app.acme.example/reset-password?token=abc&next=%2F'
const AT = '2026-03-01T12:05:00.000Z'
const NAMES = Object.keys(KIT_TEMPLATES) as KitTemplate[] // as: the keys of a record of templates

/** A value for everything that a message of the kit is given. */
function valuesOf(name: KitTemplate): Record<string, string> {
  const values: Record<string, string> = { site_name: 'Acme', ip: '203.0.113.7', device: 'Firefox on Linux', at: AT }
  for (const value of KIT_TEMPLATES[name]) values[value] = SAMPLES[value] ?? `a ${value}`
  return values
}

const SAMPLES: Readonly<Record<string, string>> = { link: LINK, until: AT, code: '123456', left: '7', role: 'manager' }

describe('the templates of the kit', () => {
  const templates = createMailTemplates()

  for (const language of ['en', 'ar']) {
    it(`are all there in ${language}, and show what their message is about`, () => {
      for (const name of NAMES) {
        const values = valuesOf(name)
        const { subject, text, html } = templates.render(name, { language, values })
        assert.match(html, new RegExp(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`), name)
        assert.equal(placeholdersIn(subject + text + html).length, 0, name)
        if ('link' in values) assert.ok(text.includes(LINK) && html.includes('href="https://app.acme.example/'), name)
        if ('code' in values) assert.ok(text.includes('123456') && html.includes('123456'), name)
        if (language === 'ar') assert.match(subject, /[\u0600-\u06ff]{3}/, name)
        assert.equal(subject.includes('\n'), false)
      }
    })

    it(`read well in ${language} without what is not always known`, () => {
      for (const name of NAMES) {
        const { ip: _ip, device: _device, at: _at, ...values } = valuesOf(name)
        const { text } = templates.render(name, { language, values })
        assert.doesNotMatch(text, /: *$(?!\n)/m, name)
        assert.doesNotMatch(text, /\n\n\n/, name)
      }
    })
  }

  it('are there for nothing that no message is made of', () => {
    for (const language of ['en', 'ar']) {
      const folder = new URL(`../templates/${language}`, import.meta.url)
      const found = readdirSync(folder).map((file) => file.replace(/\.txt$/, ''))
      assert.deepEqual(found.toSorted(), [...NAMES, 'layout'].toSorted())
    }
  })

  it('are taken in English for a language that has none', () => {
    const values = valuesOf('password_changed')
    for (const language of ['fr', '../..', 'EN', '']) {
      assert.equal(templates.render('password_changed', { language, values }).subject, 'Your password was changed')
    }
  })

  it('are refused loudly where a value is missing', () => {
    const render = () => templates.render('email_code', { language: 'en', values: { site_name: 'Acme', name: 'Asha' } })
    assert.throws(render, { name: 'TypeError', message: 'The template shows {{ code }}, and no such value was given' })
    const unknown = () => templates.render('../../secrets', { language: 'en', values: {} })
    assert.throws(unknown, { name: 'TypeError', message: 'There is no mail template "../../secrets"' })
  })

  it('show what people have chosen as text, and never as markup, a header, a link or another placeholder', () => {
    const name = 'Eve <img src=x onerror=alert(1)>\r\nBcc: all@acme.test {{ link }} https://evil.example/win\u202e'
    const values = { ...valuesOf('invitation'), inviter: name, business: name }
    const { subject, text, html } = templates.render('invitation', { language: 'en', values })
    assert.equal(/[\r\n\u202e]/.test(subject), false)
    assert.equal(html.includes('<img'), false)
    assert.ok(html.includes('&lt;img src=x'))
    assert.equal(/https:\/\/evil/.test(text + html), false)
    assert.equal(
      text.split('\n').some((line) => line.startsWith('Bcc:')),
      false,
    )
    assert.equal((text.match(/token=abc/g) ?? []).length, 1)
  })

  it('take no link but a web address', () => {
    for (const link of ['javascript:alert(1)', 'https://a.example/"onclick="x', 'https://a.example/ x']) {
      const values = { ...valuesOf('reset_password'), link }
      assert.throws(() => templates.render('reset_password', { language: 'en', values }), TypeError)
    }
  })

  it('tell times and roles in the words of their language', () => {
    const english = templates.render('role_changed', {
      language: 'en',
      values: { ...valuesOf('role_changed'), role: 'admin' },
    })
    assert.match(english.text, /is now: administrator\./)
    assert.match(english.text, /When: March 1, 2026 at 12:05.PM \(UTC\)/)
    const arabic = templates.render('role_changed', { language: 'ar', values: valuesOf('role_changed') })
    assert.match(arabic.text, /\u2068مدير\u2069/)
    assert.match(arabic.text, /مارس/)
  })

  it('keep a name in Latin letters from turning an Arabic sentence around', () => {
    const { text, html } = templates.render('new_device', {
      language: 'ar',
      values: { ...valuesOf('new_device'), name: 'Asha' },
    })
    assert.ok(text.includes('\u2068Asha\u2069'))
    assert.ok(html.includes('<bdi>Asha</bdi>'))
  })

  it('make entries of the outbox without what is not known', () => {
    const entry = kitMail('new_device', {
      to: 'a@acme.test',
      language: 'en',
      values: { name: 'Asha', ip: null, device: '' },
    })
    assert.deepEqual(entry, {
      topic: 'mail',
      payload: { template: 'new_device', to: 'a@acme.test', language: 'en', values: { name: 'Asha' } },
    })
    // @ts-expect-error: the code is missing
    kitMail('email_code', { to: 'a@acme.test', language: 'en', values: { name: 'Asha' } })
  })
})

describe('the templates of a project', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  function folderOf(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'templates-'))
    folders.push(folder)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }

  const values = { name: 'Asha & Co', site_name: 'Acme' }

  it('stand in the place of those of the kit, in their own language, and the rest is the kit’s', () => {
    const folder = folderOf({ 'en/password_changed.txt': 'Subject: Fresh key for {{ site_name }}\n\nHi {{ name }}.\n' })
    const templates = createMailTemplates({ folder })
    const own = templates.render('password_changed', { language: 'en', values })
    assert.equal(own.subject, 'Fresh key for Acme')
    assert.equal(own.text, 'Hi Asha & Co.\n\n-- \nAcme\n')
    assert.match(own.html, /<p>Hi <bdi>Asha &amp; Co<\/bdi>\.<\/p>/)
    assert.equal(templates.render('password_changed', { language: 'ar', values }).subject, 'تغيّرت كلمة مرورك')
    assert.equal(templates.render('new_device', { language: 'en', values }).text.startsWith('Hello Asha'), true)
  })

  it('may bring HTML, layouts, messages and languages of their own', () => {
    const templates = createMailTemplates({
      folder: folderOf({
        'fr/password_changed.txt': 'Subject: Mot de passe changé\n\nBonjour {{ name }}.\n',
        'fr/password_changed.html': '<h1>Bonjour {{ name }}</h1>',
        'fr/layout.txt': '{{ content }}\n\nÀ bientôt, {{ site_name }}',
        'layout.html':
          '<html lang="{{ language }}"><title>{{ subject }}</title><img alt="{{ site_name }}">{{ content }}</html>',
        'en/invoice_ready.txt': 'Subject: Invoice {{ number }}\n\nIt is ready.\n\n[Open it]({{ link }})\n',
      }),
    })
    const french = templates.render('password_changed', { language: 'fr', values })
    assert.equal(french.text, 'Bonjour Asha & Co.\n\nÀ bientôt, Acme\n')
    assert.equal(
      french.html,
      '<html lang="fr"><title>Mot de passe changé</title><img alt="Acme"><h1>Bonjour Asha &amp; Co</h1></html>',
    )
    const invoice = templates.render('invoice_ready', {
      language: 'fr',
      values: { ...values, number: '7', link: LINK },
    })
    assert.match(invoice.html, /<html lang="en">.*href="https:\/\/app\.acme/s)
  })

  const MISTAKES: readonly (readonly [file: string, text: string, message: RegExp])[] = [
    ['en/email_code.txt', 'Hello', /The first line must be "Subject: "/],
    ['en/email_code.txt', 'Subject: Code\nHello', /The line after the subject must be empty/],
    ['en/email_code.txt', 'Subject: Code\n\n', /no text below the subject/],
    [
      'en/email_code.txt',
      'Subject: Code\n\n{{ cdoe }}',
      /\{\{ cdoe \}\} is not given to this message: it has name, code/,
    ],
    ['en/email_code.txt', 'Subject: Code\n\n{{ user.name }}', /is not a placeholder/],
    ['en/email_code.txt', 'Subject: Code\n\n{{ code }', /is not a placeholder/],
    ['en/new_device.txt', 'Subject: New\n\nFrom {{ ip }}', /\{\{ ip \}\} is not always there: write \{\{ ip\? \}\}/],
    ['en/verify_email.txt', 'Subject: {{ token }}\n\nHello', /must not stand in a subject/],
    ['en/layout.html', '<html></html>', /A layout must show \{\{ content \}\}/],
    ['en/email_code.html', '<p>{{ code }}</p>', /has no \.txt beside it/],
    ['English/email_code.txt', 'Subject: Code\n\n{{ code }}', /is not the name of a language/],
  ]
  for (const [file, text, message] of MISTAKES) {
    it(`stop the start: ${file} with ${JSON.stringify(text)}`, () => {
      const folder = folderOf({ [file]: text })
      assert.throws(() => createMailTemplates({ folder }), { name: 'MailTemplateError', message })
    })
  }

  it('need not be there', () => {
    assert.ok(createMailTemplates({ folder: '/nowhere/templates' }).render('new_device', { language: 'en', values }))
  })
})
