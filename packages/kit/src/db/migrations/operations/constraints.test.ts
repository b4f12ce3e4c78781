import assert from 'node:assert/strict'
import { it } from 'node:test'
import { newId } from '../../../base/index.ts'
import { DatabaseError, type DriverValue } from '../../dialects/index.ts'
import { choice, date, decimal, email, json, text } from '../../fields/index.ts'
import { type AnyModel, f, model, q } from '../../models/index.ts'
import { introspect, schemaDifferences } from '../introspection/index.ts'
import { type Bench, onEachDatabase } from '../test-project.ts'

const MOMENT = '2026-01-01 00:00:00'
const [ACME, GLOBEX] = [newId(), newId()]

const fields = {
  email: email().optional(),
  code: text({ max: 20 }),
  status: choice(['lead', 'active', 'archived']).default('lead'),
  credit: decimal({ digits: 12, places: 2 }).default('0'),
  starts: date().optional(),
  ends: date().optional(),
  tags: json().default([]),
}

const plain = () => model('clients.Client', { scope: 'business', fields })

/** Everything that can be declared of a table beside its fields. */
const rich = () =>
  model('clients.Client', {
    scope: 'business',
    fields,
    unique: [
      { fields: ['code'], where: { status: 'active' } },
      { fields: ['email'], where: q.not({ status__in: ['archived'] }), name: 'client_email_once' },
    ],
    indexes: [
      ['status', '-created_at'],
      { fields: ['-credit'], where: { status: 'active' }, include: ['code'] },
      { expression: 'lower(email)' },
      {
        fields: ['status'],
        expression: {
          postgresql: 'upper(code)',
          sqlite: 'upper(code)',
          mysql: { sql: 'upper(code)', type: 'varchar(20)' },
        },
      },
      { fields: ['tags'], using: 'gin', name: 'client_tags_gin' },
    ],
    checks: {
      credit_positive: { credit__gte: 0 },
      ends_after_start: { ends__gte: f('starts') },
      code_shape: {
        where: q.or({ code__startswith: 'C_' }, q.and({ status: 'lead' }, q.not({ code__contains: '%' }))),
        message: 'A code begins with C_.',
      },
    },
    comment: "The business's own customers",
    mysql: { rowFormat: 'compressed' },
  })

interface Values {
  readonly business?: string
  readonly [column: string]: DriverValue
}

function insert({ run }: Bench, { business = ACME, ...values }: Values): Promise<unknown> {
  const row = {
    business_id: business,
    id: newId(),
    code: 'C_1',
    status: 'lead',
    credit: '0',
    tags: '[]',
    created_at: MOMENT,
    updated_at: MOMENT,
    ...values,
  }
  const names = Object.keys(row)
  return run(
    `insert into clients_client (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
    Object.values(row),
  )
}

const refusedAs = (kind: DatabaseError['kind'], constraint?: string) => (error: unknown) => {
  assert.ok(error instanceof DatabaseError)
  assert.equal(error.kind, kind)
  if (constraint !== undefined) assert.equal(error.constraint, constraint)
  return true
}

async function settle({ project, database }: Bench, ...models: readonly AnyModel[]) {
  const { lines } = await project.declare(...models).make()
  await project.migrate(database)
  assert.deepEqual(await schemaDifferences(database, database.dialect, models), [])
  assert.deepEqual((await project.make()).lines, ['No changes detected'])
  return lines.filter((line) => line.startsWith('    - ')).map((line) => line.slice(6))
}

async function holds(bench: Bench): Promise<void> {
  await insert(bench, { code: 'C_2', status: 'active', email: 'a@b.test' })
  await assert.rejects(insert(bench, { code: 'C_2', status: 'active' }), refusedAs('unique'))
  await insert(bench, { code: 'C_2', status: 'lead' })
  await insert(bench, { business: GLOBEX, code: 'C_2', status: 'active', email: 'a@b.test' })
  await assert.rejects(insert(bench, { email: 'a@b.test' }), refusedAs('unique'))
  await insert(bench, { email: 'a@b.test', status: 'archived' })
  await insert(bench, { email: 'a@b.test', deleted_at: MOMENT })
  await assert.rejects(insert(bench, { credit: '-1' }), refusedAs('check', 'clients_client_credit_positive_check'))
  await assert.rejects(insert(bench, { starts: '2026-02-01', ends: '2026-01-01' }), refusedAs('check'))
  await insert(bench, { starts: '2026-01-01', ends: '2026-01-01' })
  await insert(bench, { starts: '2026-01-01' })
  await assert.rejects(insert(bench, { code: 'c_2', status: 'active' }), refusedAs('check'))
  await assert.rejects(insert(bench, { code: '5%' }), refusedAs('check'))
  await insert(bench, { code: 'other' })
}

onEachDatabase('constraints and indexes', (withBench) => {
  it(
    'come with a model, hold, and go and come with migrations',
    withBench(async (bench) => {
      const { project, database } = bench
      assert.deepEqual(await settle(bench, rich()), ['Create model Client'])
      await holds(bench)
      assert.deepEqual((await settle(bench, plain())).toSorted(), [
        'Alter table options of client',
        'Remove check code_shape from model client',
        'Remove check credit_positive from model client',
        'Remove check ends_after_start from model client',
        'Remove index client_tags_gin from client',
        'Remove index on field(s) -credit from client',
        'Remove index on field(s) lower(email) from client',
        'Remove index on field(s) status, -created_at from client',
        'Remove index on field(s) status, an expression from client',
        'Remove unique set client_email_once from client',
        'Remove unique set of field(s) code under a condition from client',
      ])
      await insert(bench, { credit: '-1' })
      await bench.run('delete from clients_client')
      const bare = await introspect(database, database.dialect)
      await settle(bench, rich())
      await holds(bench)
      await bench.run('delete from clients_client')
      await project.migrate(database, { target: { app: 'clients', name: '0002' } })
      assert.deepEqual(await introspect(database, database.dialect), bare)
    }),
  )

  it(
    'take quotes and backslashes as they are',
    withBench(async (bench) => {
      const odd = (comment: string) =>
        model('clients.Client', {
          scope: 'business',
          fields,
          checks: { code_known: q.and(q.not({ code: "it's \\ no code" }), q.not({ code__startswith: '\\%' })) },
          comment,
        })
      await settle(bench, odd("It's kept in C:\\"))
      // Another change of the table makes MariaDB read its conditions back.
      await settle(bench, odd('\\'))
      await assert.rejects(insert(bench, { code: "it's \\ no code" }), refusedAs('check'))
      await assert.rejects(insert(bench, { code: '\\% off' }), refusedAs('check'))
      await insert(bench, { code: "it's  no code" })
    }),
  )

  it(
    'follow fields and models that get other names',
    withBench(async (bench) => {
      const { project, database } = bench
      await settle(bench, rich())
      const before = await introspect(database, database.dialect)
      const renames = [
        `renameField('Client', 'email', 'mail')`,
        `renameField('Client', 'code', 'number')`,
        `renameField('Client', 'status', 'state')`,
        `renameField('Client', 'starts', 'since')`,
        `renameModel('Client', 'Customer')`,
      ]
      await project.write('clients', '0002_renames', {
        imports: ['renameField', 'renameModel'],
        options: `dependencies: [['clients', '0001_initial']], operations: [${renames.join(', ')}]`,
      })
      await project.migrate(database)
      const { email: mail, code: number, status: state, starts: since, ...rest } = fields
      const Customer = model('clients.Customer', {
        scope: 'business',
        fields: { mail, number, state, since, ...rest },
        unique: [
          { fields: ['number'], where: { state: 'active' } },
          { fields: ['mail'], where: q.not({ state__in: ['archived'] }), name: 'client_email_once' },
        ],
        indexes: [
          ['state', '-created_at'],
          { fields: ['-credit'], where: { state: 'active' }, include: ['number'] },
          { expression: 'lower(mail)' },
          {
            fields: ['state'],
            expression: {
              postgresql: 'upper(number)',
              sqlite: 'upper(number)',
              mysql: { sql: 'upper(number)', type: 'varchar(20)' },
            },
          },
          { fields: ['tags'], using: 'gin', name: 'client_tags_gin' },
        ],
        checks: {
          credit_positive: { credit__gte: 0 },
          ends_after_start: { ends__gte: f('since') },
          code_shape: q.or({ number__startswith: 'C_' }, q.and({ state: 'lead' }, q.not({ number__contains: '%' }))),
        },
        comment: "The business's own customers",
        mysql: { rowFormat: 'compressed' },
      })
      assert.deepEqual((await project.declare(Customer).make()).lines, ['No changes detected'])
      assert.deepEqual(await schemaDifferences(database, database.dialect, [Customer]), [])
      await project.migrate(database, { target: { app: 'clients', name: '0001' } })
      assert.deepEqual(await introspect(database, database.dialect), before)
    }),
  )

  it(
    'change their conditions and names',
    withBench(async (bench) => {
      const client = (more: object) => model('clients.Client', { scope: 'business', fields, ...more })
      await settle(
        bench,
        client({ checks: { credit_positive: { credit__gte: 0 } }, indexes: [['code'], { fields: ['email'] }] }),
      )
      const lines = await settle(
        bench,
        client({
          checks: { credit_positive: { credit__gt: '-5.50' } },
          indexes: [{ fields: ['code'], name: 'by_code' }, ['email']],
        }),
      )
      assert.deepEqual(lines, [
        'Rename index on field(s) code on client to by_code',
        'Alter check credit_positive on model client',
      ])
      await insert(bench, { credit: '-5.49' })
      await assert.rejects(insert(bench, { credit: '-5.50' }), refusedAs('check'))
    }),
  )
})
