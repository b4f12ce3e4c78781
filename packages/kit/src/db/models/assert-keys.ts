import { type Column, columnNamedIn } from './column.ts'
import type { Check, Index, UniqueSet } from './model-keys.ts'
import { type AnyCondition, readCondition } from './own-condition.ts'

interface Declared {
  readonly label: string
  readonly columns: ReadonlyMap<string, Column>
  readonly unique: readonly UniqueSet[]
  readonly indexes: readonly Index[]
  readonly checks: readonly Check[]
}

const NAME = /^[a-z][a-z0-9_]*$/
const MAX_NAME = 60

/** Looks whether every key, index and check of a model can be made. @throws {TypeError} naming the one that cannot */
export function assertKeys(model: Declared): void {
  for (const set of model.unique) assertUnique(model, set)
  for (const index of model.indexes) assertIndex(model, index)
  for (const check of model.checks) assertCheck(model, check)
}

function assertUnique(model: Declared, { fields, where, name }: UniqueSet): void {
  const subject = `${model.label}: the unique set (${fields.join(', ')})`
  if (fields.length === 0) throw new TypeError(`${subject} names no field`)
  for (const field of fields) columnNamedIn(model, field)
  assertName(subject, name)
  assertCondition(model, subject, where)
}

function assertIndex(model: Declared, { fields, expression, where, include, using, name }: Index): void {
  const subject = `${model.label}: the index (${[...fields, ...(expression === null ? [] : ['an expression'])].join(', ')})`
  if (fields.length === 0 && expression === null) throw new TypeError(`${subject} names no field and no expression`)
  for (const field of [...fields, ...include]) columnNamedIn(model, field.replace(/^-/, ''))
  if (typeof expression === 'string') foldedField(model, subject, expression)
  assertName(subject, name)
  assertCondition(model, subject, where)
  if (using === 'btree') return
  if (using !== 'gin')
    throw new TypeError(`${subject} has using: ${JSON.stringify(using)}, which must be 'btree' or 'gin'`)
  const columns = fields.map((field) => columnNamedIn(model, field))
  const hasOther = expression !== null || include.length > 0 || columns.length !== 1
  if (hasOther || !columns.every((column) => /json|\[\]/.test(column.kind.columnType('postgresql')))) {
    throw new TypeError(`${subject} cannot be gin: that takes one field that holds JSON or a list`)
  }
}

const FOLDED = /^(lower|upper)\(([a-z][a-z0-9_]*)\)$/

/** The one field in `lower(email)`: the expression that needs no SQL of each database. */
export function foldedField(
  model: Pick<Declared, 'columns' | 'label'>,
  subject: string,
  expression: string,
): { readonly word: string; readonly column: Column } {
  const [, word, name] = FOLDED.exec(expression) ?? []
  if (word === undefined || name === undefined) {
    throw new TypeError(
      `${subject} has the expression "${expression}". Write lower(field) or upper(field), or SQL for each database: { postgresql, sqlite, mysql: { sql, type } }`,
    )
  }
  const column = columnNamedIn(model, name)
  if (!column.kind.searchable && column.kind.name !== 'choice')
    throw new TypeError(`${subject} folds ${name}, which is no text`)
  return { word, column }
}

function assertCheck(model: Declared, { name, where }: Check): void {
  const subject = `${model.label}: the check "${name}"`
  assertName(subject, name)
  assertCondition(model, subject, where)
}

function assertName(subject: string, name: string | null): void {
  if (name === null || (NAME.test(name) && name.length <= MAX_NAME)) return
  throw new TypeError(
    `${subject} is named ${JSON.stringify(name)}: a name is in snake_case and has at most ${MAX_NAME} characters`,
  )
}

function assertCondition(model: Declared, subject: string, where: AnyCondition | null): void {
  if (where !== null) readCondition(where, { subject, columns: model.columns })
}
