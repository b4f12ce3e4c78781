import { validationError } from '../base/index.ts'
import type { QueryParameters } from '../http/index.ts'
import { ALL_FIELDS, noErrors, type OutputParameters, singleValues } from './list-parameters.ts'

/** Reads the parameters of a single record: `fields` and `expand`. @throws {ApiError} `validation_failed` for any other */
export function readDetailParameters(parameters: QueryParameters): OutputParameters {
  if (Object.keys(parameters).length === 0) return ALL_FIELDS
  const errors = noErrors()
  const values = singleValues(parameters, errors)
  for (const name of values.keys()) {
    if (name !== 'fields' && name !== 'expand') errors[name] = ['Unknown parameter. Allowed: fields, expand.']
  }
  if (Object.keys(errors).length > 0) throw validationError(errors)
  return { fields: values.get('fields') ?? null, expand: values.get('expand') ?? null, showsDeletion: false }
}

/** Refuses any parameter, where none means anything. @throws {ApiError} `validation_failed` */
export function refuseParameters(parameters: QueryParameters): void {
  for (const name in parameters) throw validationError({ [name]: ['Unknown parameter. This takes none.'] })
}

/** Refuses a body that says something, where none means anything. @throws {ApiError} `validation_failed` */
export function refuseBody(body: unknown): void {
  if (body === undefined || body === null) return
  if (typeof body === 'object' && Object.keys(body).length === 0) return
  throw validationError({ non_field_errors: ['This takes no body.'] })
}
