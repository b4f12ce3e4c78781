import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newId } from '../../base/index.ts'
import { type ThrowawayStore, testStores } from '../../testing/throwaway-store.ts'
import { DatabaseError } from '../dialects/index.ts'
import { foreignKey, integer, text } from '../fields/index.ts'
import { model } from '../models/index.ts'
import type { Context } from './context.ts'
import { createContext } from './create-context.ts'
import { QueryLog } from './query-log.ts'
import type { TransactionOptions } from './run-transaction.ts'

const Owner = model('bank.Owner', { scope: 'business', fields: { name: text() } })
const Account = model('bank.Account', {
  scope: 'business',
  fields: {
    name: text({ unique: true }),
    balance: integer().default(0),
    owner: foreignKey(() => Owner, { onDelete: 'cascade' }).optional(),
  },
})

for (const source of testStores([Owner, Account])) {
  describe(`transactions on ${source.name}`, () => {
    let stage: ThrowawayStore
    let acme: Context
    before(async () => {
      stage = await source.create()
      acme = stage.context(newId())
    })
    after(() => stage.drop())

    test('serializable transactions that clash are tried again until each has had its turn', async () => {
      const { id } = await acme.query(Account).create({ name: 'Till' })
      const add = () =>
        acme.transaction(
          async (tx) => {
            const { balance } = await tx.query(Account).get(id)
            await tx
              .query(Account)
              .filter({ id })
              .update({ balance: balance + 1 })
          },
          { isolation: 'serializable', attempts: 20 },
        )
      await Promise.all(Array.from({ length: 5 }, add))
      assert.equal((await acme.query(Account).get(id)).balance, 5)
    })

    test('work that fails for a clash leaves nothing of its first tries', async () => {
      let tries = 0
      const committed: number[] = []
      await acme.transaction(
        async (tx) => {
          tries += 1
          await tx.query(Account).create({ name: `Try ${tries}` })
          await tx.onCommit(() => void committed.push(tries))
          if (tries < 3) throw new DatabaseError('deadlock', { kind: 'conflict' })
        },
        { attempts: 3 },
      )
      const names = (await acme.query(Account).filter({ name__startswith: 'Try' }).all()).map(({ name }) => name)
      assert.deepEqual([names, committed], [['Try 3'], [3]])
    })

    test('what is no clash is not tried again, and neither is the last of the attempts', async () => {
      let tries = 0
      const failing = (error: Error) =>
        acme.transaction(
          async () => {
            tries += 1
            throw error
          },
          { attempts: 2 },
        )
      await assert.rejects(failing(new Error('mistake')), /mistake/)
      assert.equal(tries, 1)
      await assert.rejects(failing(new DatabaseError('deadlock', { kind: 'conflict' })), /deadlock/)
      assert.equal(tries, 3)
    })

    test('an isolation level that is none is refused before anything is done', async () => {
      for (const isolation of ['read uncommitted', 'chaos; drop table account', '', 3]) {
        // as: untyped code may give anything
        const options = { isolation } as TransactionOptions
        await assert.rejects(
          acme.transaction(async () => assert.fail('It began.'), options),
          {
            name: 'RangeError',
            message: `Cannot run a transaction: isolation must be one of 'read committed', 'repeatable read', 'serializable', got ${isolation}`,
          },
        )
      }
    })

    test('a number of attempts that is none, and options for a savepoint, are refused', async () => {
      for (const attempts of [0, 1.5, 21]) {
        await assert.rejects(
          acme.transaction(async () => {}, { attempts }),
          RangeError,
        )
      }
      await assert.rejects(
        acme.transaction((tx) => tx.transaction(async () => {}, { isolation: 'serializable' })),
        /belong to the transaction around it/,
      )
    })

    test('what was written is there for whoever reads next', async () => {
      for (let round = 0; round < 20; round++) {
        const { id } = await acme.query(Account).create({ name: `Own ${round}` })
        await acme.query(Account).filter({ id }).update({ balance: round })
        assert.equal((await acme.query(Account).get(id)).balance, round)
      }
    })

    test('many who write at once all come through', async () => {
      const names = Array.from({ length: 40 }, (_, at) => `Queue ${at}`)
      await Promise.all(names.map((name) => acme.transaction((tx) => tx.query(Account).create({ name }))))
      assert.equal(await acme.query(Account).filter({ name__startswith: 'Queue' }).count(), 40)
    })

    describe('a query log', () => {
      const told: { readonly fields: object; readonly message: string }[] = []
      const target = { warn: (fields: object, message: string) => void told.push({ fields, message }) }
      const watched = (options: { readonly slowMs: number; readonly findsRepeats: boolean }) => {
        told.length = 0
        const queryLog = new QueryLog({ target, ...options })
        const identity = { actor: null, business: acme.business, requestId: 'test', queryLog }
        return { queryLog, ctx: createContext(stage.store, identity) }
      }

      test('counts statements, those of transactions among them', async () => {
        const { queryLog, ctx } = watched({ slowMs: 0, findsRepeats: false })
        await ctx.query(Account).count()
        await ctx.transaction((tx) => tx.query(Account).count())
        assert.equal(queryLog.count, 2)
        assert.ok(queryLog.ms > 0)
        assert.deepEqual(told, [])
      })

      test('tells the text of a slow statement, and none of its values', async () => {
        const { ctx } = watched({ slowMs: 0.000001, findsRepeats: false })
        await ctx.query(Account).filter({ name: 'the secret' }).all()
        const [slow] = told
        assert.equal(slow?.message, 'slow query')
        assert.match(JSON.stringify(slow.fields), /select .*bank_account.*"model":"bank\.Account"/)
        assert.doesNotMatch(JSON.stringify(slow.fields), /secret/)
      })

      test('names the relation over which rows were read one by one', async () => {
        const owner = await acme.query(Owner).create({ name: 'Asha' })
        const { queryLog, ctx } = watched({ slowMs: 0, findsRepeats: true })
        await ctx.query(Account).all()
        for (let time = 0; time < 12; time++) await ctx.query(Owner).get(owner.id)
        for (let time = 0; time < 11; time++) await ctx.query(Account).filter({ owner: owner.id }).all()
        for (let time = 0; time < 9; time++) await ctx.query(Account).filter({ id: owner.id }).all()
        queryLog.finish()
        assert.deepEqual(
          told.map(({ message }) => message),
          [
            'N+1: rows of bank.Owner were read one by one, 12 times. Load bank.Account.owner along by with()',
            'N+1: rows of bank.Account were read one by one, 11 times. Load bank.Owner.account along by with()',
          ],
        )
      })
    })
  })
}
