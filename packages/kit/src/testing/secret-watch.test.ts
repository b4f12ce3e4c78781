import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { model, text } from '../db/index.ts'
import { SecretWatch } from './secret-watch.ts'
import { testStores } from './throwaway-store.ts'

const Note = model('notes.Note', { scope: 'global', reason: 'It is for tests.', fields: { body: text({ max: 500 }) } })

function watchOf(exchange: { sent?: unknown; got?: unknown; status?: number }): SecretWatch {
  const watch = new SecretWatch()
  watch.note({ sent: null, got: null, status: 200, ...exchange })
  return watch
}

describe('a watch over secrets', () => {
  it('finds what was sent or answered under a secret name, also in lists and deep inside', () => {
    const watch = watchOf({
      sent: { email: 'asha@acme.test', password: 'green tea at five' },
      got: {
        data: {
          access: 'aaaaaaaa.bbbbbbbb.cc-cc',
          user: { name: 'Asha Verma Haddad' },
          recovery_codes: ['abcde-fghij-klmno'],
        },
      },
    })
    assert.equal(watch.findIn('body: {"x":"aaaaaaaa.bbbbbbbb.cc-cc"}'), 'aaaaaaaa.bbbbbbbb.cc-cc')
    assert.equal(watch.findIn('the code abcde-fghij-klmno.'), 'abcde-fghij-klmno')
    assert.equal(watch.findIn('https://app.test/reset?token=abcde-fghij-klmno&x=1'), 'abcde-fghij-klmno')
    assert.equal(watch.findIn('password=green tea at five!'), 'green tea at five')
    assert.equal(watch.findIn('asha@acme.test Asha Verma Haddad aaaaaaaa bbbbbbbb'), null)
  })

  it('takes no secret from a request that was refused', () => {
    assert.equal(watchOf({ sent: { password: 'green-tea-at-five' }, status: 401 }).findIn('green-tea-at-five'), null)
  })
})

for (const source of testStores([Note])) {
  it(`${source.name}: a secret that is kept in clear is found, by its table`, async () => {
    const stage = await source.create()
    try {
      const watch = watchOf({ sent: { password: 'green-tea-at-five' } })
      assert.deepEqual(await watch.findInDatabase(stage.store), [])
      const system = stage.context(null)
      await system.query(Note).create({ body: 'She said green-tea-at-five.' })
      assert.deepEqual(await watch.findInDatabase(stage.store), ['notes_note: gree… (17 characters)'])
    } finally {
      await stage.drop()
    }
  })
}
