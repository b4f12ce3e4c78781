import { ApiError } from '../../base/index.ts'
import { DatabaseError } from '../dialects/index.ts'
import { type AnyModel, columnNamed, keyName } from '../models/index.ts'

/** Runs a write, and tells a refusal of the database in the words of the model. @throws {ApiError} `conflict` */
export async function runWrite<Result>(model: AnyModel, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    throw error instanceof DatabaseError ? refusalOf(error, model) : error
  }
}

/** What the client is told when the database refuses a write; the error itself where it is no fault of the input. */
function refusalOf(error: DatabaseError, model: AnyModel): Error {
  if (error.kind === 'unique') return conflict(error, model)
  if (error.kind !== 'foreign_key') return error
  return new ApiError('conflict', {
    message: 'The change points to a record that is gone, or removes one that others point to.',
    cause: error,
  })
}

function conflict(error: DatabaseError, model: AnyModel): ApiError {
  const set = brokenSet(error, model)
  const errors = set ? { [set.length === 1 ? (set[0] ?? '') : 'non_field_errors']: [uniqueMessage(model, set)] } : {}
  const [message] = Object.values(errors)[0] ?? []
  return new ApiError('conflict', { ...(message ? { message } : {}), errors, cause: error })
}

/** The unique set that the error is about, by the name of its key or by its columns. */
function brokenSet(error: DatabaseError, model: AnyModel): readonly string[] | undefined {
  return model.unique.find((set) => {
    const columns = set.map((name) => columnNamed(model, name).column)
    const name = keyName(model.table, columns, 'uniq')
    if (error.constraint !== undefined) return error.constraint.endsWith(name)
    const named = error.columns.filter((column) => column !== 'business_id')
    return named.length === columns.length && named.every((column) => columns.includes(column))
  })
}

function uniqueMessage(model: AnyModel, set: readonly string[]): string {
  const name = model.verboseName.charAt(0).toUpperCase() + model.verboseName.slice(1)
  const labels = set.map((field) => columnNamed(model, field).label.toLowerCase())
  if (labels.length === 1) return `${name} with this ${labels[0]} already exists.`
  return `The fields ${set.join(', ')} must make a unique set.`
}
