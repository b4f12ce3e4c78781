import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { foreignKey, integer, text } from '../../fields/index.ts'
import {
  addField,
  addIndex,
  alterField,
  createModel,
  deleteModel,
  type Operation,
  removeField,
  removeIndex,
  renameField,
  renameModel,
  runSql,
} from '../operations/index.ts'
import { ProjectState } from '../project-state.ts'
import { optimizeOperations } from './optimize-operations.ts'

const create = (name: string, fields = {}) =>
  createModel(name, { scope: 'business', fields: { name: text(), ...fields } })
const fewer = (...operations: Operation[]): string[] =>
  optimizeOperations(operations, { app: 'crm', before: ProjectState.empty }).map((operation) => operation.describe())

/** With a model that is there from before. */
const fewerOn = (...operations: Operation[]): string[] => {
  const before = create('Person', { age: integer().optional() }).stateForwards(ProjectState.empty, 'crm')
  return optimizeOperations(operations, { app: 'crm', before }).map((operation) => operation.describe())
}

describe('the optimizer of operations', () => {
  it('makes a model as it becomes, and none that goes', () => {
    assert.deepEqual(
      fewer(
        create('A'),
        addField('A', 'age', integer().default(1)),
        renameField('A', 'age', 'years'),
        renameModel('A', 'B'),
      ),
      ['Create model B'],
    )
    assert.deepEqual(fewer(create('A'), addIndex('A', ['name']), create('B'), deleteModel('A')), ['Create model B'])
  })

  it('lets a model wait for the one that it comes to point to, if nothing else is in the way', () => {
    const link = addField('A', 'b', foreignKey('crm.B', { onDelete: 'cascade' }).optional())
    assert.deepEqual(fewer(create('A'), create('B'), link), ['Create model B', 'Create model A'])
    const back = addField('B', 'a', foreignKey('crm.A', { onDelete: 'cascade' }).optional())
    assert.deepEqual(fewer(create('A'), create('B'), link, back), [
      'Create model B',
      'Create model A',
      'Add field a to b',
    ])
  })

  it('folds what is done to one field, one index and one name', () => {
    assert.deepEqual(fewerOn(addField('Person', 'x', text().optional()), removeField('Person', 'x')), [])
    assert.deepEqual(
      fewerOn(addField('Person', 'x', text().optional()), addIndex('Person', ['age']), renameField('Person', 'x', 'y')),
      ['Add field y to person', 'Create index on field(s) age of model person'],
    )
    assert.deepEqual(fewerOn(alterField('Person', 'age', integer().default(1)), removeField('Person', 'age')), [
      'Remove field age from person',
    ])
    assert.deepEqual(fewerOn(renameField('Person', 'age', 'b'), renameField('Person', 'b', 'age')), [])
    assert.deepEqual(fewerOn(addIndex('Person', ['age']), removeIndex('Person', ['age'])), [])
    assert.deepEqual(fewerOn(renameModel('Person', 'B'), renameModel('B', 'C')), ['Rename model Person to C'])
  })

  it('keeps the value for rows where a field is added and tightened', () => {
    const [only] = optimizeOperations(
      [addField('A', 'x', integer().optional()), alterField('A', 'x', integer(), { fill: 5 })],
      { app: 'crm', before: create('A').stateForwards(ProjectState.empty, 'crm') },
    )
    assert.deepEqual(only?.args?.[3], { fill: 5 })
  })

  it('leaves what stands on both sides of SQL, and what uses a field in between', () => {
    const sql = runSql('update crm_person set age = 1', [])
    assert.equal(fewer(create('A'), sql, addField('A', 'x', text().optional())).length, 3)
    assert.equal(
      fewerOn(renameField('Person', 'age', 'x'), addIndex('Person', ['x']), renameField('Person', 'x', 'y')).length,
      3,
    )
  })
})
