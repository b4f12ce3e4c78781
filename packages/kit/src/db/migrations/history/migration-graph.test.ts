import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { integer, text } from '../../fields/index.ts'
import { type MigrationReference, migration } from '../migration.ts'
import { addField, createModel, type Operation } from '../operations/index.ts'
import type { LoadedMigration } from './loaded-migration.ts'
import { MigrationGraph } from './migration-graph.ts'
import { assertConsistentHistory, planSteps } from './plan-steps.ts'
import { resolveMigrations } from './resolve-migrations.ts'

const loaded = (app: string, name: string, dependencies: readonly MigrationReference[], operations: Operation[] = []) =>
  ({ ...migration({ dependencies, operations }), app, name, key: `${app}.${name}` }) satisfies LoadedMigration

const keys = (migrations: readonly LoadedMigration[]): string[] => migrations.map(({ key }) => key)

describe('the graph of migrations', () => {
  const a1 = loaded('a', '0001', [['b', '0001']])
  const a2 = loaded('a', '0002', [['a', '0001']])
  const b1 = loaded('b', '0001', [])
  const b2 = loaded('b', '0002', [
    ['b', '0001'],
    ['a', '0002'],
  ])
  const c1 = loaded('c', '0001', [])
  const graph = new MigrationGraph([b2, c1, a2, a1, b1])
  const applied = (...names: string[]) => new Map(names.map((name) => [name, '2026-01-01']))

  it('puts each migration behind what it depends on, always in the same order', () => {
    assert.deepEqual(keys(graph.ordered), ['b.0001', 'a.0001', 'a.0002', 'b.0002', 'c.0001'])
    assert.deepEqual(keys(graph.leaves('b')), ['b.0002'])
  })

  it('plans what is missing on the way to a migration, and nothing else', () => {
    const steps = planSteps(graph, applied('b.0001'), { kind: 'migration', migration: a2 })
    assert.deepEqual(keys(steps.map((step) => step.migration)), ['a.0001', 'a.0002'])
  })

  it('takes back what depends on what goes, the last first', () => {
    const all = applied('b.0001', 'a.0001', 'a.0002', 'b.0002', 'c.0001')
    const back = planSteps(graph, all, { kind: 'migration', migration: a1 })
    assert.deepEqual(keys(back.map((step) => step.migration)), ['b.0002', 'a.0002'])
    const zero = planSteps(graph, all, { kind: 'zero', app: 'a' })
    assert.deepEqual(keys(zero.map((step) => step.migration)), ['b.0002', 'a.0002', 'a.0001'])
  })

  it('puts a migration before one of another app that knows nothing of it', () => {
    const early = { ...loaded('z', '0001', []), runBefore: [['b', '0002'] as const] }
    const order = new MigrationGraph(resolveMigrations([a1, a2, b1, b2, early], () => false)).ordered
    assert.deepEqual(keys(order), ['b.0001', 'a.0001', 'a.0002', 'z.0001', 'b.0002'])
  })

  it('names the files that are missing where a database is half way through what is replaced', () => {
    const squash = { ...loaded('c', '0001_all', []), replaces: [['c', '0001'] as const, ['c', '0002'] as const] }
    assert.throws(() => resolveMigrations([c1, squash], (key) => key === 'c.0001'), /the file\(s\) of c\.0002 are gone/)
  })

  it('refuses a circle', () => {
    const circle = [loaded('x', '0001', [['y', '0001']]), loaded('y', '0001', [['x', '0001']])]
    assert.throws(() => new MigrationGraph(circle), { message: 'CircularDependencyError: x.0001, y.0001, x.0001' })
  })

  it('refuses a history in which a migration came before what it depends on', () => {
    assert.throws(() => assertConsistentHistory(graph, applied('a.0001')), {
      message: 'InconsistentMigrationHistory: Migration a.0001 is applied before its dependency b.0001.',
    })
    assertConsistentHistory(graph, applied('c.0001', 'gone.0001'))
  })

  it('names the operation that does not fit the models', () => {
    const create = createModel('Client', { scope: 'global', fields: { name: text() } })
    const broken = [
      loaded('x', '0001', [], [create]),
      loaded('x', '0002', [['x', '0001']], [addField('Client', 'name', integer())]),
    ]
    assert.throws(() => new MigrationGraph(broken).stateOf(), {
      message: 'Migration x.0002, "Add field name to client": Cannot add field name to x.Client: it has one',
    })
  })
})
