import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as kysely from 'kysely'
import { type CompiledQuery, createQueryId, type OperationNode, type RootOperationNode, sql } from 'kysely'
import { NODE_RULES } from './node-rules.ts'
import { TenancyError } from './tenancy-error.ts'
import { holdInsideBusiness } from './wall.ts'
import { catalogue, compilerOf, openBare, openWalled } from './wall-fixture.ts'
import { WalledCompiler } from './walled-compiler.ts'

const options = { catalogue, business: 'A', compiler: compilerOf('sqlite'), dialect: 'sqlite' } as const
const { AliasNode, BinaryOperationNode, FunctionNode, IdentifierNode, OperatorNode, SelectionNode, TableNode } = kysely

describe('the wall and the kinds of nodes', () => {
  it('decides about every kind that Kysely exports', () => {
    const exported = Object.keys(kysely).filter(
      (name) => name.endsWith('Node') && 'is' in Object(Reflect.get(kysely, name)),
    )
    assert.ok(exported.length > 80)
    // `QueryNode` is what Kysely calls the four kinds of queries together.
    assert.deepEqual(
      exported.filter((name) => name !== 'QueryNode' && !Object.hasOwn(NODE_RULES, name)),
      [],
    )
  })

  it('decides about every kind that Kysely walks', () => {
    const methods = Object.getOwnPropertyNames(kysely.OperationNodeTransformer.prototype)
    const kinds = methods.filter((name) => /^transform(?!Node)/.test(name)).map((name) => `${name.slice(9)}Node`)
    assert.ok(kinds.length > 80)
    assert.deepEqual(
      kinds.filter((name) => !Object.hasOwn(NODE_RULES, name)),
      [],
    )
  })

  it('refuses a kind that it does not know', () => {
    for (const kind of ['TableSampleNode', 'constructor', '__proto__']) {
      const node: OperationNode = JSON.parse(JSON.stringify({ kind }))
      const query = {
        ...kysely.SelectQueryNode.create(),
        selections: [SelectionNode.create(AliasNode.create(node, IdentifierNode.create('x')))],
      }
      assert.throws(() => holdInsideBusiness(query, options), TenancyError)
    }
  })

  it('refuses changes of the schema', () => {
    const db = openWalled('sqlite')
    for (const change of [
      db.schema.createTable('x').addColumn('id', 'integer'),
      db.schema.createTable('x').as(db.selectFrom('config_country').select('id')),
      db.schema.dropTable('config_country'),
      db.schema.alterTable('config_country').addColumn('x', 'integer'),
      db.schema.createView('v').as(db.selectFrom('config_country').select('id')),
      db.schema.createIndex('i').on('config_country').column('id'),
    ])
      assert.throws(() => change.compile(), /belongs in a migration/)
  })

  it('refuses text that Kysely would write into the SQL as it is', () => {
    const rows = kysely.SelectQueryNode.createFrom([TableNode.create('config_country')])
    const value = kysely.ValueNode.create(1)
    for (const [dialect, node] of [
      ['sqlite', FunctionNode.create('lower(x) from clients_client --', [])],
      ['sqlite', FunctionNode.create('from', [value])],
      ['sqlite', kysely.AggregateFunctionNode.create('count(*), max', [value])],
      ['sqlite', kysely.CastNode.create(value, kysely.DataTypeNode.create('text) from x --' as 'text'))],
      ['sqlite', BinaryOperationNode.create(value, OperatorNode.create('union select' as '='), value)],
      ['sqlite', BinaryOperationNode.create(value, OperatorNode.create('--' as '='), value)],
      ['mysql', BinaryOperationNode.create(value, OperatorNode.create('#'), value)],
    ] as const) {
      const query = { ...rows, selections: [SelectionNode.create(AliasNode.create(node, IdentifierNode.create('x')))] }
      assert.throws(() => holdInsideBusiness(query, { ...options, dialect }), TenancyError, JSON.stringify(node))
    }
  })

  it('refuses to share a table through one that it does not know', () => {
    const user = {
      table: 'users',
      scope: 'global',
      sharedThrough: { table: 'members', column: 'user_id', businessColumn: 'b' },
    } as const
    const tables = { find: (name: string) => (name === 'users' ? user : undefined), names: () => ['users'] }
    const query = openWalled('sqlite', 'A', tables)
      .withTables<{ users: { id: number } }>()
      .selectFrom('users')
      .select('id')
    assert.throws(() => query.compile(), /does not have that table/)
  })

  it('leaves a query that needs no wall as it is', () => {
    const query: RootOperationNode = openBare('sqlite').selectFrom('config_country').select('id').toOperationNode()
    const compile = (node: RootOperationNode) => compilerOf('sqlite').compileQuery(node, createQueryId()).sql
    assert.equal(compile(holdInsideBusiness(query, options)), compile(query))
  })
})

describe('a walled compiler', () => {
  it('holds a query that has lost its plugins, and knows what it has compiled', () => {
    const compiler = new WalledCompiler(options)
    const query = openBare('sqlite').selectFrom('clients_client').select('id').toOperationNode()
    const compiled = compiler.compileQuery(query, createQueryId())
    assert.equal(compiled.sql, 'select "id" from "clients_client" where "clients_client"."business_id" = ?')
    assert.deepEqual(compiled.parameters, ['A'])
    assert.equal(compiler.hasCompiled(compiled), true)
    const foreign: CompiledQuery = kysely.CompiledQuery.raw('select * from clients_client')
    assert.equal(compiler.hasCompiled(foreign), false)
    assert.throws(
      () => compiler.compileQuery(sql`select * from clients_client`.toOperationNode(), createQueryId()),
      TenancyError,
    )
  })
})
