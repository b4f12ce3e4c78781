import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { type BusinessReach, EVERY_BUSINESS, type TestDatabase, testDatabases } from '../../dialects/index.ts'
import { foreignKey, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { introspect, schemaDifferences } from '../introspection/index.ts'
import { TestProject } from '../test-project.ts'

const source = testDatabases().find(({ name }) => name === 'postgresql')
const [ACME, GLOBEX] = [newId(), newId()]
const [ASHA, BO] = [newId(), newId()]
const MOMENT = '2026-01-01 00:00:00'

const User = model('account.User', {
  scope: 'global',
  reason: 'A person may belong to several businesses.',
  fields: { name: text({ max: 50 }) },
  sharedThrough: () => ({ model: 'crm.Membership', field: 'user' }),
})
const Membership = model('crm.Membership', {
  scope: 'business',
  fields: {
    user: foreignKey('account.User', { onDelete: 'cascade', relatedName: false }),
    title: text({ max: 50 }).default('agent'),
  },
})
const WiderMembership = model('crm.Member', {
  scope: 'business',
  table: 'crm_member',
  fields: { person: foreignKey('account.User', { onDelete: 'cascade', relatedName: false }) },
})

describe('row-level security', { skip: source === undefined }, () => {
  let test: TestDatabase
  let project: TestProject

  before(async () => {
    assert.ok(source)
    test = await source.create()
    project = await TestProject.create()
    await project.declare(User, Membership).make()
    await project.migrate(test.database)
    const all = test.database.within(EVERY_BUSINESS)
    for (const [id, name] of [
      [ASHA, 'Asha'],
      [BO, 'Bo'],
    ] as const) {
      await all.execute({ sql: 'insert into account_user (id, name) values ($1, $2)' }, [id, name])
    }
    await addMember(ACME, ASHA)
    await addMember(GLOBEX, BO)
  })

  after(async () => {
    await project.remove()
    await test.drop()
  })

  const addMember = (business: string, user: string, within: BusinessReach = business) =>
    test.database.within(within).execute(
      {
        sql: 'insert into crm_membership (business_id, id, user_id, title, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)',
      },
      [business, newId(), user, 'agent', MOMENT],
    )

  const names = async (sql: string, business?: BusinessReach): Promise<unknown[]> => {
    const executor = business === undefined ? test.database : test.database.within(business)
    return (await executor.execute({ sql })).rows.map((row) => row[0]).sort()
  }

  it('shows a business its own rows, all of them across businesses, and none where nothing is said', async () => {
    const sql = 'select user_id from crm_membership'
    assert.deepEqual(await names(sql, ACME), [ASHA])
    assert.deepEqual(await names(sql, GLOBEX), [BO])
    assert.deepEqual(await names(sql, EVERY_BUSINESS), [ASHA, BO].sort())
    assert.deepEqual(await names(sql, newId()), [])
    assert.deepEqual(await names(sql, null), [])
    assert.deepEqual(await names(sql), [])
  })

  it('lets nobody write into another business, nor move a row there', async () => {
    await assert.rejects(addMember(GLOBEX, BO, ACME), /row-level security/)
    await assert.rejects(addMember(GLOBEX, BO, null), /row-level security/)
    const move = { sql: 'update crm_membership set business_id = $1' }
    await assert.rejects(test.database.within(ACME).execute(move, [GLOBEX]), /row-level security/)
    const write = { sql: "update crm_membership set title = 'boss' where user_id = $1" }
    assert.equal((await test.database.within(ACME).execute(write, [BO])).affected, 0)
    const remove = { sql: 'delete from crm_membership where user_id = $1' }
    assert.equal((await test.database.within(ACME).execute(remove, [BO])).affected, 0)
    assert.deepEqual(await names('select title from crm_membership', GLOBEX), ['agent'])
  })

  it('shows a business of a shared table what is tied to it, and everything outside any', async () => {
    const sql = 'select name from account_user'
    assert.deepEqual(await names(sql, ACME), ['Asha'])
    assert.deepEqual(await names(sql, newId()), [])
    assert.deepEqual(await names(sql, null), ['Asha', 'Bo'])
    assert.deepEqual(await names(sql, EVERY_BUSINESS), ['Asha', 'Bo'])
    const binned = "update crm_membership set deleted_at = now() where title = 'agent'"
    const transaction = await test.database.begin()
    const acme = transaction.within(ACME)
    await acme.execute({ sql: binned })
    assert.deepEqual((await acme.execute({ sql })).rows, [])
    await transaction.rollback()
  })

  it('breaks off where the business is no id', async () => {
    await assert.rejects(names('select user_id from crm_membership', "acme' or true"), { kind: 'invalid_value' })
  })

  it('is missed where somebody has taken it away, and put back by the next migrate', async () => {
    const problems = async () =>
      (await schemaDifferences(test.database, 'postgresql', [User, Membership])).map(
        ({ table, text: what }) => `${table}: ${what}`,
      )
    assert.deepEqual(await problems(), [])
    const harm: readonly (readonly [string, string])[] = [
      ['alter table crm_membership disable row level security', 'Row-level security is not enabled.'],
      [
        'alter table crm_membership no force row level security',
        'Row-level security is not forced on the owner of the table.',
      ],
      ['drop policy bailiwick_rows on crm_membership', 'The policy "bailiwick_rows" is missing.'],
      [
        'alter policy bailiwick_rows on crm_membership using (true)',
        'The policy "bailiwick_rows" is not the one that is wanted.',
      ],
      [
        'alter policy bailiwick_rows on crm_membership to current_user',
        'The policy "bailiwick_rows" is not the one that is wanted.',
      ],
      ['drop policy bailiwick_rows on account_user', 'The policy "bailiwick_rows" is missing.'],
    ]
    for (const [sql, text] of harm) {
      await test.database.execute({ sql })
      assert.deepEqual(
        await problems(),
        [`${/ (\w+_\w+)(?: |$)/.exec(sql.replace('bailiwick_rows on ', ''))?.[1]}: ${text}`],
        sql,
      )
      await project.migrate(test.database)
      assert.deepEqual(await problems(), [], sql)
    }
    await test.database.execute({ sql: 'create policy more on crm_membership for select using (true)' })
    assert.deepEqual(await problems(), [
      'crm_membership: Beside the policy "bailiwick_rows", others let more rows through: "more".',
    ])
    await test.database.execute({ sql: 'drop policy more on crm_membership' })
    await test.database.execute({ sql: 'create policy less on crm_membership as restrictive using (true)' })
    assert.deepEqual(await problems(), [])
  })

  it('does not stand in the way of migrations of the table that ties, forwards and back', async () => {
    await project.write('crm', '0002_by_hand', {
      imports: ['renameModel', 'renameField', 'removeField', 'runScript'],
      options: `dependencies: [['crm', '0001_initial'], ['account', '0001_initial']], operations: [
        renameModel('Membership', 'Member'), renameField('Member', 'user', 'person'), removeField('Member', 'title', { confirmed: true }),
        runScript(async ({ database }) => {
          const { rows } = await database.execute({ sql: 'select count(*) from crm_member, account_user' })
          if (rows[0][0] !== '4') throw new Error('A script sees the rows of all businesses: ' + rows[0][0])
        }, () => {}),
      ]`,
    })
    const Shared = model('account.User', {
      scope: 'global',
      reason: 'A person may belong to several businesses.',
      fields: { name: text({ max: 50 }) },
      sharedThrough: () => ({ model: 'crm.Member', field: 'person' }),
    })
    project.declare(Shared, WiderMembership)
    await project.migrate(test.database)
    assert.deepEqual(await names('select name from account_user', ACME), ['Asha'])
    assert.deepEqual(
      (await schemaDifferences(test.database, 'postgresql', [Shared, WiderMembership])).filter(
        ({ isExtra }) => !isExtra,
      ),
      [],
    )
    await project.migrate(test.database, { target: { app: 'crm', name: 'zero' } })
    const [table] = (await introspect(test.database, 'postgresql')).filter(({ name }) => name === 'account_user')
    assert.equal(table?.rowSecurity.isOn, false)
  })
})
