import { type AnyModel, columnNamed } from '../../models/index.ts'

/**
 * What every database takes in one key: PostgreSQL 2,704 bytes with its headers (found out only when a long value
 * arrives), InnoDB 3,072.
 */
const MAX_KEY_BYTES = 2672

/** The indexes and unique sets of the models that some database cannot keep, in words. */
export function keyProblems(models: readonly AnyModel[]): string[] {
  return models.flatMap((model) => [
    ...model.unique.flatMap(({ fields }) => keyProblem(model, fields, 'unique set')),
    ...model.indexes
      .filter(({ using }) => using === 'btree')
      .flatMap(({ fields }) => keyProblem(model, fields, 'index')),
  ])
}

function keyProblem(model: AnyModel, names: readonly string[], word: string): string[] {
  const columns = names.map((name) => columnNamed(model, name.replace(/^-/, '')))
  const start = `${model.label}: the ${word} (${names.join(', ')})`
  const endless = columns.find((column) => keyBytes(column.kind.columnType('mysql')) === null)
  if (endless) {
    return [`${start} cannot be made: "${endless.name}" is of any length. Give it a max, or leave it out.`]
  }
  const scopeBytes = model.scope === 'business' ? 37 : 0
  const bytes = columns.reduce((sum, column) => sum + (keyBytes(column.kind.columnType('mysql')) ?? 0), scopeBytes)
  if (bytes <= MAX_KEY_BYTES) return []
  return [
    `${start} may take ${bytes} bytes, more than the ${MAX_KEY_BYTES} that every database takes. Lower a max, or leave a field out.`,
  ]
}

/** The bytes that a value may take in a key, null if there is no limit. A character takes up to four. */
function keyBytes(type: string): number | null {
  if (/^(longtext|json)/.test(type)) return null
  const length = /^varchar\((\d+)\)/.exec(type)?.[1]
  if (length !== undefined) return Number(length) * 4
  return type.startsWith('char(36)') ? 36 : 16
}
