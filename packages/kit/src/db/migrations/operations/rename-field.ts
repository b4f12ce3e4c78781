import { Field, renamedReferences } from '../../fields/index.ts'
import { type AnyModel, type Index, renamedCondition } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { declaredUnique, remakeModel } from '../remake-model.ts'
import { altering, declaredField } from './altering.ts'
import type { Operation } from './operation.ts'

/** Renames a field; its values, indexes and unique sets stay. */
export function renameField(model: string, from: string, to: string): Operation {
  return altering({
    name: 'renameField',
    args: [model, from, to],
    fragment: `rename_${from}_${model.toLowerCase()}_${to}`,
    model,
    describe: () => `Rename field ${from} on ${model.toLowerCase()} to ${to}`,
    change: (before) => renamed(before, from, to),
    forwards: () => ({ renamedFields: new Map([[from, to]]) }),
    backwards: () => ({ renamedFields: new Map([[to, from]]) }),
  })
}

function renamed(model: AnyModel, from: string, to: string): AnyModel {
  declaredField(model, from)
  if (model.fields[to]) throw new MigrationError(`Cannot rename ${model.label}.${from} to ${to}: it has a field ${to}`)
  const newName = (name: string): string => (name === from ? to : name === `-${from}` ? `-${to}` : name)
  const newWhere = <Declared extends { readonly where: Index['where'] }>(declared: Declared): Declared =>
    declared.where === null ? declared : { ...declared, where: renamedCondition(declared.where, from, to) }
  return remakeModel(model, {
    fields: Object.fromEntries(
      Object.entries(model.fields).map(([name, field]) => [newName(name), following(field, from, to)]),
    ),
    unique: declaredUnique(model).map((set) => newWhere({ ...set, fields: set.fields.map(newName) })),
    indexes: model.indexes.map((index) =>
      newWhere({
        ...index,
        fields: index.fields.map(newName),
        include: index.include.map(newName),
        expression: renamedExpression(index.expression, from, to),
      }),
    ),
    checks: model.checks.map((check) => ({ ...check, where: renamedCondition(check.where, from, to) })),
  })
}

/** The SQL of an expression names columns: those that are called as the field follow, a foreign key's with its ending. */
function renamedExpression(expression: Index['expression'], from: string, to: string): Index['expression'] {
  const inSql = (sql: string): string =>
    sql.replace(/\w+/g, (word) => (word === from ? to : word === `${from}_id` ? `${to}_id` : word))
  if (expression === null) return null
  if (typeof expression === 'string') return inSql(expression)
  const { postgresql, sqlite, mysql } = expression
  return {
    ...(postgresql === undefined ? {} : { postgresql: inSql(postgresql) }),
    ...(sqlite === undefined ? {} : { sqlite: inSql(sqlite) }),
    ...(mysql === undefined ? {} : { mysql: { ...mysql, sql: inSql(mysql.sql) } }),
  }
}

/** The field, computed from the other by its new name if it is computed from it. */
function following(field: Field, from: string, to: string): Field {
  const { kind, settings } = field
  const { generated } = settings
  return generated ? new Field(kind, { ...settings, generated: renamedReferences(generated, from, to) }) : field
}
