import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { DatabaseError } from '../../dialects/index.ts'
import { foreignKey, text } from '../../fields/index.ts'
import { model } from '../../models/index.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const [ACME, GLOBEX] = [newId(), newId()]

const Team = model('clients.Team', {
  scope: 'business',
  id: 'bigint',
  fields: {
    name: text({ max: 50 }),
    // To itself, where the id alone is the primary key.
    above: foreignKey('clients.Team', { onDelete: 'protect', id: 'bigint', relatedName: false }).optional(),
  },
})
const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    email: text({ max: 200, unique: true }),
    parent: foreignKey('clients.Client', { onDelete: 'protect' }).optional(),
    team: foreignKey('clients.Team', { onDelete: 'protect', id: 'bigint' }).optional(),
  },
})

interface ClientValues {
  readonly business: string
  readonly email: string
  readonly parent?: string
  readonly team?: number
}

async function migrated({ project, database }: Bench): Promise<void> {
  await project.declare(Team, Client).make()
  await project.migrate(database)
}

async function insertClient({ run }: Bench, { business, email, parent, team }: ClientValues): Promise<string> {
  const id = newId()
  await run(
    'insert into clients_client (business_id, id, email, parent_id, team_id, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?)',
    [business, id, email, parent ?? null, team ?? null, MOMENT, MOMENT],
  )
  return id
}

async function insertTeam({ run }: Bench, business: string, id: number): Promise<void> {
  await run('insert into clients_team (business_id, id, name, created_at, updated_at) values (?, ?, ?, ?, ?)', [
    business,
    id,
    'Sales',
    MOMENT,
    MOMENT,
  ])
}

const refusedAs = (kind: DatabaseError['kind']) => (error: unknown) => {
  assert.ok(error instanceof DatabaseError)
  assert.equal(error.kind, kind)
  return true
}

onEachDatabase('keys', (withBench) => {
  it(
    'a unique value is taken once in a business, and each business may have it',
    withBench(async (bench) => {
      await migrated(bench)
      await insertClient(bench, { business: ACME, email: 'asha@acme.test' })
      await insertClient(bench, { business: GLOBEX, email: 'asha@acme.test' })
      await insertClient(bench, { business: ACME, email: 'Asha@acme.test' })
      await insertClient(bench, { business: ACME, email: 'asha@acme.test ' })
      await assert.rejects(insertClient(bench, { business: ACME, email: 'asha@acme.test' }), refusedAs('unique'))
    }),
  )

  it(
    'a deleted row frees its unique value, and cannot come back while another has it',
    withBench(async (bench) => {
      await migrated(bench)
      const remove = (id: string) => bench.run('update clients_client set deleted_at = ? where id = ?', [MOMENT, id])
      const first = await insertClient(bench, { business: ACME, email: 'asha@acme.test' })
      await remove(first)
      const second = await insertClient(bench, { business: ACME, email: 'asha@acme.test' })
      await assert.rejects(
        bench.run('update clients_client set deleted_at = null where id = ?', [first]),
        refusedAs('unique'),
      )
      await remove(second)
      await bench.run('update clients_client set deleted_at = null where id = ?', [first])
    }),
  )

  it(
    'a row cannot point to a row of another business',
    withBench(async (bench) => {
      await migrated(bench)
      const foreign = await insertClient(bench, { business: GLOBEX, email: 'boss@globex.test' })
      const own = await insertClient(bench, { business: ACME, email: 'boss@acme.test' })
      await insertTeam(bench, GLOBEX, 1)
      await insertTeam(bench, ACME, 2)
      const insert = (values: Partial<ClientValues>) =>
        insertClient(bench, { business: ACME, email: newId(), ...values })
      await assert.rejects(insert({ parent: foreign }), refusedAs('foreign_key'))
      await assert.rejects(insert({ parent: newId() }), refusedAs('foreign_key'))
      await assert.rejects(insert({ team: 1 }), refusedAs('foreign_key'))
      await insert({ parent: own, team: 2 })
      await assert.rejects(bench.run('delete from clients_client where id = ?', [own]), refusedAs('foreign_key'))
    }),
  )

  it(
    'two businesses can have a row of the same id, and cannot learn so from each other',
    withBench(async (bench) => {
      await migrated(bench)
      const id = await insertClient(bench, { business: ACME, email: 'a@b.test' })
      const sql = 'insert into clients_client (business_id, id, email, created_at, updated_at) values (?, ?, ?, ?, ?)'
      await bench.run(sql, [GLOBEX, id, 'a@b.test', MOMENT, MOMENT])
      await assert.rejects(bench.run(sql, [GLOBEX, id, 'c@d.test', MOMENT, MOMENT]), refusedAs('unique'))
    }),
  )

  it(
    'a value as long as a key may be can be stored',
    withBench(async (bench) => {
      const Long = model('clients.Long', { scope: 'business', fields: { code: text({ max: 658, unique: true }) } })
      await bench.project.declare(Long).make()
      await bench.project.migrate(bench.database)
      // Random code points of four bytes: text that could be compressed would fit anywhere.
      const code = Array.from({ length: 658 }, () =>
        String.fromCodePoint(0x10000 + Math.floor(Math.random() * 0x2ffff)),
      ).join('')
      await bench.run(
        'insert into clients_long (business_id, id, code, created_at, updated_at) values (?, ?, ?, ?, ?)',
        [ACME, newId(), code, MOMENT, MOMENT],
      )
    }),
  )
})
