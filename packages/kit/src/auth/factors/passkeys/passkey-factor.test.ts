import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ApiError } from '../../../base/index.ts'
import { CEREMONY_MS } from './ceremonies.ts'
import { userHandleOf } from './passkey-options.ts'
import { device, openStage, optionsFor, SITE, type Stage, stages, wire } from './tests/stage.ts'
import { verifyRegistration } from './verify-registration.ts'

const fieldsOf = (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error))
  return error.errors
}

for (const source of stages) {
  describe(`passkeys on ${source.name}`, () => {
    let stage: Stage
    before(async () => {
      stage = await openStage(source)
    })
    after(() => stage.drop())

    const askFor = async (
      user: string | null,
      ceremony: 'login' | 'second_factor' = user ? 'second_factor' : 'login',
    ) => {
      const subject = { ceremony, user } as const
      return { subject, options: optionsFor(await stage.factor.requestOptions(stage.ctx, subject)) }
    }
    const rowOf = (user: string) => stage.ctx.query(stage.models.passkey).get({ user })
    const failure = async (work: Promise<unknown>) => {
      try {
        await work
      } catch (error) {
        return fieldsOf(error)
      }
      return assert.fail('it was taken')
    }

    it('offer what a browser needs to make one, and no second on the same device', async () => {
      const user = await stage.makeUser('Asha')
      const first = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
      assert.deepEqual(first.rp, { id: 'example.com', name: 'Example' })
      assert.deepEqual(first.user, { id: userHandleOf(user.userId), name: 'asha@acme.test', displayName: 'Asha' })
      assert.equal(Buffer.from(first.challenge, 'base64url').length, 32)
      assert.deepEqual(first.excludeCredentials, [])
      await stage.enrol(user)
      const second = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
      assert.notEqual(second.challenge, first.challenge)
      const { credential_id: id } = await rowOf(user.userId)
      assert.deepEqual(second.excludeCredentials, [{ type: 'public-key', id, transports: ['internal', 'hybrid'] }])
    })

    for (const [name, algorithm] of [
      ['ES256', -7],
      ['EdDSA', -8],
      ['RS256', -257],
    ] as const) {
      it(`sign by ${name}, as a second factor and alone`, async () => {
        const user = await stage.makeUser(`Bela${-algorithm}`)
        const phone = await stage.enrol(user, device({ algorithm }))
        const second = await askFor(user.userId)
        assert.equal(await stage.use(phone.get(second.options), second.subject), 'taken')
        const alone = await askFor(null)
        assert.deepEqual(alone.options.allowCredentials, [])
        assert.equal(alone.options.userVerification, 'required')
        assert.equal(await stage.use(phone.get(alone.options), alone.subject), 'taken')
        const row = await rowOf(user.userId)
        assert.equal(row.sign_count, 2n)
        assert.ok(row.last_used_at)
      })
    }

    it('are taken once by each of 100 who bring the same assertion at the same time: one succeeds', async () => {
      for (const counts of [true, false]) {
        const user = await stage.makeUser(`Chen${counts}`)
        const phone = await stage.enrol(user, device({ counts }))
        const { options, subject } = await askFor(user.userId)
        const credential = phone.get(options)
        const outcomes = await Promise.all(Array.from({ length: 100 }, () => stage.use(credential, subject)))
        assert.equal(outcomes.filter((outcome) => outcome === 'taken').length, 1)
        assert.equal(outcomes.includes('copied'), false)
        assert.equal(await stage.use(credential, subject), 'wrong')
      }
    })

    it('are not taken for another user, another ceremony, or after five minutes', async () => {
      const [dana, eve] = [await stage.makeUser('Dana'), await stage.makeUser('Eve')]
      const phone = await stage.enrol(dana)
      const evil = await stage.enrol(eve)
      const own = await askFor(dana.userId)
      assert.equal(await stage.use(evil.get({ ...own.options, allowCredentials: [] }), own.subject), 'wrong')
      const ofEve = { ceremony: 'second_factor', user: eve.userId } as const
      assert.equal(await stage.use(phone.get(own.options), ofEve), 'wrong')
      assert.equal(await stage.use(phone.get(own.options), { ceremony: 'login', user: null }), 'wrong')
      assert.equal(await stage.use(phone.get(own.options), { ...own.subject, ceremony: 'reauthentication' }), 'wrong')
      assert.equal(await stage.use(phone.get(own.options), own.subject), 'taken')
      const late = await askFor(dana.userId)
      stage.clock.advance(CEREMONY_MS)
      assert.equal(await stage.use(phone.get(late.options), late.subject), 'wrong')
    })

    it('are refused with a wrong origin, site, challenge, type, signature, handle or flag', async () => {
      const user = await stage.makeUser('Farid')
      const other = await stage.makeUser('Other')
      const phone = await stage.enrol(user)
      const made = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
      const wrong = [
        { origin: 'https://evil.example' },
        { origin: 'https://app.example.com.evil.example' },
        { origin: 'http://app.example.com' },
        { origin: 'https://app.example.com/' },
        { origin: 'null' },
        { origin: '' },
        { rpId: 'evil.example' },
        { rpId: 'app.example.com' },
        { challenge: 'AAAA' },
        { challenge: made.challenge },
        { type: 'webauthn.create' },
        { type: 'payment.get' },
        { clientData: { crossOrigin: true } },
        { clientData: { topOrigin: 'https://evil.example' } },
        { clientData: { challenge: 7 } },
        { clientData: { origin: ['https://app.example.com'] } },
        { signature: Buffer.alloc(70) },
        { signature: Buffer.from('3006020100020100', 'hex') },
        { userHandle: userHandleOf(other.userId) },
        { userHandle: 'AAAA' },
        { flags: 0 },
        { flags: 4 },
        { flags: 1 | 4 | 16 },
        { flags: 1 | 4 | 128 },
        { flags: 1 | 4 | 64 },
        { trailing: Buffer.alloc(5) },
        { flags: 1 | 4 | 128, trailing: Buffer.alloc(2000, 0x81) },
        { flags: 1 | 4 | 128, trailing: Buffer.from('bb7fffffffffffffff', 'hex') },
      ]
      for (const deviations of wrong) {
        const { options, subject } = await askFor(user.userId)
        const outcome = await stage.use(phone.get(options, deviations), subject)
        assert.equal(outcome, 'wrong', JSON.stringify(deviations))
        assert.equal(await stage.use(phone.get(options), subject), 'taken')
      }
    })

    it('must have verified the user where they stand alone, but not beside a password', async () => {
      const user = await stage.makeUser('Gita')
      const key = await stage.enrol(user, device({ verifiesUser: false }))
      const second = await askFor(user.userId)
      assert.equal(second.options.userVerification, 'preferred')
      assert.equal(await stage.use(key.get(second.options), second.subject), 'taken')
      const alone = await askFor(null)
      assert.equal(await stage.use(key.get(alone.options), alone.subject), 'wrong')
      const again = { ceremony: 'reauthentication', user: user.userId } as const
      const options = optionsFor(await stage.factor.requestOptions(stage.ctx, again))
      assert.equal(await stage.use(key.get(options), again), 'wrong')
    })

    it('must say whose they are where they stand alone', async () => {
      const phone = await stage.enrol(await stage.makeUser('Hugo'))
      const { options, subject } = await askFor(null)
      assert.equal(await stage.use(phone.get(options, { userHandle: null }), subject), 'wrong')
      assert.equal(await stage.use(phone.get(options), subject), 'taken')
    })

    it('are told from copies by a count that goes back, and only if they really signed', async () => {
      const user = await stage.makeUser('Ines')
      const phone = await stage.enrol(user)
      const count = async (value: number, signature?: Buffer) => {
        const { options, subject } = await askFor(user.userId)
        return stage.use(phone.get(options, { count: value, ...(signature && { signature }) }), subject)
      }
      assert.equal(await count(10), 'taken')
      for (const stale of [10, 9, 1, 0]) assert.equal(await count(stale), 'copied')
      assert.equal(await count(3, Buffer.alloc(70)), 'wrong')
      assert.equal(await count(11), 'taken')
      assert.equal(await count(0xffffffff), 'taken')
      assert.equal((await rowOf(user.userId)).sign_count, 0xffffffffn)
    })

    it('tell of an unknown credential what they tell of a wrong one', async () => {
      const { options, subject } = await askFor(null)
      const stranger = device()
      stranger.create({ challenge: 'AAAA', rp: { id: 'example.com' }, user: { id: 'AAAA' } })
      assert.equal(await stage.use(stranger.get(options), subject), 'wrong')
    })

    it('are at most 20 for a user, whose names differ, however many are added at the same time', async () => {
      const user = await stage.makeUser('Jun')
      const add = async (name: string) => {
        const options = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
        const verified = await verifyRegistration(SITE, wire(device().create(options)))
        return stage.ctx.transaction((tx) => stage.factor.add(tx, verified, { userId: user.userId, name }))
      }
      const same = await Promise.allSettled(Array.from({ length: 5 }, () => add('Laptop')))
      assert.equal(same.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.deepEqual(await failure(add('LAPTOP')), { name: ['Another of your passkeys has this name.'] })
      const many = await Promise.allSettled(Array.from({ length: 25 }, (_, at) => add(`Key ${at}`)))
      assert.equal(many.filter(({ status }) => status === 'fulfilled').length, 19)
      assert.deepEqual(await failure(add('One more')), { non_field_errors: ['No more than 20 passkeys.'] })
      assert.equal(await stage.ctx.query(stage.models.passkey).filter({ user: user.userId }).count(), 20)
    })

    it('are made once of each challenge, by whom it was given to', async () => {
      const [user, other] = [await stage.makeUser('Kofi'), await stage.makeUser('Lena')]
      const options = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
      const add = async (userId: string, name: string) => {
        const verified = await verifyRegistration(SITE, wire(device().create(options)))
        return stage.ctx.transaction((tx) => stage.factor.add(tx, verified, { userId, name }))
      }
      const message = 'Its challenge is unknown, used or older than five minutes: ask for new options.'
      assert.deepEqual(await failure(add(other.userId, 'Stolen')), { credential: [message] })
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => add(user.userId, `Key ${at}`)))
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.deepEqual(await failure(add(user.userId, 'Late')), { credential: [message] })
    })

    it('are registered once, whoever comes with them', async () => {
      const [user, other] = [await stage.makeUser('Mira'), await stage.makeUser('Nils')]
      const options = optionsFor(await stage.factor.creationOptions(stage.ctx, user))
      const phone = device()
      const verified = await verifyRegistration(SITE, wire(phone.create(options)))
      await stage.ctx.transaction((tx) => stage.factor.add(tx, verified, { userId: user.userId, name: 'Phone' }))
      for (const { userId } of [user, other]) {
        const again = stage.ctx.transaction((tx) => stage.factor.add(tx, verified, { userId, name: 'Again' }))
        assert.deepEqual(await failure(again), { credential: ['This passkey is registered already.'] })
      }
    })
  })
}
