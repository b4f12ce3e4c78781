import { ApiError, validationError } from '../../base/index.ts'
import { DatabaseError } from '../dialects/index.ts'
import {
  type AnyModel,
  type Column,
  checkName,
  columnNamed,
  fieldsOfCondition,
  readCondition,
  type UniqueSet,
  uniqueKeyName,
} from '../models/index.ts'
import { computedRefusal } from './computed-refusal.ts'
import { reckonedRefusal } from './reckoned-refusal.ts'

/**
 * Runs a write, and tells a refusal of the database in the words of the model. `reckoned` are the columns whose values
 * the database works out: only it can see that one cannot be.
 *
 * @throws {ApiError} `conflict`, or `validation_failed` for a check or a value that was worked out
 */
export async function runWrite<Result>(
  model: AnyModel,
  write: () => Promise<Result>,
  reckoned: readonly Column[] = [],
): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw reckonedRefusal(error, reckoned) ?? computedRefusal(error, model) ?? refusalOf(error, model)
  }
}

/** What the client is told when the database refuses a write; the error itself where it is no fault of the input. */
function refusalOf(error: DatabaseError, model: AnyModel): Error {
  switch (error.kind) {
    case 'unique':
      return conflict(error, model)
    case 'check':
      return violation(error, model)
    case 'foreign_key':
      return new ApiError('conflict', {
        message: 'The change points to a record that is gone, or removes one that others point to.',
        cause: error,
      })
    default:
      return error
  }
}

function conflict(error: DatabaseError, model: AnyModel): ApiError {
  const set = brokenSet(error, model)
  if (!set) return new ApiError('conflict', { cause: error })
  const [only = ''] = set.fields
  const message = set.message ?? uniqueMessage(model, set.fields)
  const errors = { [set.fields.length === 1 ? only : 'non_field_errors']: [message] }
  return new ApiError('conflict', { message, errors, cause: error })
}

/** The unique set that the error is about, by the name of its key or by its columns. */
function brokenSet(error: DatabaseError, model: AnyModel): UniqueSet | undefined {
  return model.unique.find((set) => {
    if (error.constraint !== undefined) return error.constraint.endsWith(uniqueKeyName(model, set))
    const columns = set.fields.map((name) => columnNamed(model, name).column)
    const named = error.columns.filter((column) => column !== 'business_id')
    return named.length === columns.length && named.every((column) => columns.includes(column))
  })
}

function uniqueMessage(model: AnyModel, fields: readonly string[]): string {
  const name = model.verboseName.charAt(0).toUpperCase() + model.verboseName.slice(1)
  const labels = fields.map((field) => columnNamed(model, field).label.toLowerCase())
  if (labels.length === 1) return `${name} with this ${labels[0]} already exists.`
  return `The fields ${fields.join(', ')} must make a unique set.`
}

/** A check that was made by SQL, and not by a model, is told as it is: to the log. */
function violation(error: DatabaseError, model: AnyModel): Error {
  const check = model.checks.find(({ name }) => error.constraint === checkName(model, name))
  if (!check) return error
  const message = check.message ?? `Constraint “${check.name}” is violated.`
  const condition = readCondition(check.where, { subject: model.label, columns: model.columns })
  const fields = fieldsOfCondition(condition).filter((name) => isShown(columnNamed(model, name)))
  const errors = Object.fromEntries(
    (fields.length > 0 ? fields : ['non_field_errors']).map((name) => [name, [message]]),
  )
  return validationError(errors, { cause: error })
}

const isShown = ({ origin, settings }: Column): boolean => origin === 'declared' && !settings.sensitive
