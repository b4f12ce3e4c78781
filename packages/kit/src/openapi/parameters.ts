import { type AnyModel, columnNamed } from '../db/index.ts'
import type { Endpoint, Parameter } from '../rest/index.ts'
import type { ParameterObject } from './open-api-types.ts'
import { pathParts } from './path-template.ts'
import { exampleOf, standardSchema, valueSchema } from './schema-of-field.ts'

/** The parameters of an endpoint: those in its path, then those in the query string. */
export function parametersOf({ path, model, lookup = 'id', parameters, expectsVersion }: Endpoint): ParameterObject[] {
  return [
    ...pathParts(path).map((name) => pathParameter(name, model, lookup)),
    ...parameters.map(queryParameter),
    ...(expectsVersion ? [IF_MATCH] : []),
  ]
}

const IF_MATCH: ParameterObject = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of the record as it was read: the change is refused if somebody has changed it since.',
  schema: { type: 'string' },
  example: '"3"',
}

function pathParameter(name: string, model: AnyModel | null, lookup: string): ParameterObject {
  const base = { name, in: 'path', required: true } as const
  if (name === 'id' && !model) return { ...base, description: 'The id.', schema: { type: 'string', format: 'uuid' } }
  if (name !== 'id' || !model) return { ...base, description: 'A part of the address.', schema: { type: 'string' } }
  const id = columnNamed(model, lookup)
  return {
    ...base,
    description: lookup === 'id' ? `The id of the ${model.verboseName}.` : `The id of the ${id.label}.`,
    schema: valueSchema(id),
    example: exampleOf(id),
  }
}

function queryParameter({ name, description, schema, isList }: Parameter): ParameterObject {
  const base = { name, in: 'query', description } as const
  if (!isList) return { ...base, schema: standardSchema(schema) }
  const bounds = name.endsWith('__range') ? { minItems: 2, maxItems: 2 } : { minItems: 1 }
  return { ...base, style: 'form', explode: false, schema: { type: 'array', items: standardSchema(schema), ...bounds } }
}
