import type { Json, JsonSchema } from '../db/index.ts'
import { type Endpoint, FORM_TYPE } from '../rest/index.ts'
import { permissionWords, securityOf } from './access.ts'
import type { Components } from './components.ts'
import { exampleEnvelope, successEnvelope } from './envelope-schemas.ts'
import { errorResponses } from './error-responses.ts'
import { shownExample, takenExample } from './example-of-serializer.ts'
import { ETAG, FILE_ETAG, headerReferences } from './headers.ts'
import type { MediaType, Operation, ResponseObject } from './open-api-types.ts'
import { parametersOf } from './parameters.ts'
import { type SerializerSchemas, VERSION_SCHEMA } from './serializer-schemas.ts'

export interface Shared {
  readonly components: Components
  readonly schemas: SerializerSchemas
}

/** Describes one endpoint. */
export function operationOf(endpoint: Endpoint, shared: Shared): Operation {
  const { operation, tag, summary, body } = endpoint
  const parameters = parametersOf(endpoint)
  return {
    operationId: operation,
    tags: [tag],
    summary,
    description: descriptionOf(endpoint),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: json(requestOf(body, endpoint, shared)) } }
      : (uploadBody(endpoint) ?? versionBody(endpoint))),
    responses: {
      ...successResponses(endpoint, shared),
      ...errorResponses(endpoint, shared.components),
    },
    ...securityOf(endpoint),
  }
}

const json = (media: MediaType) => ({ 'application/json': media })

function descriptionOf(endpoint: Endpoint): string {
  const words = [endpoint.description, `**Who may:** ${permissionWords(endpoint)}.`]
  return words.filter((part) => part !== null).join('\n\n')
}

function requestOf(
  { serializer, isPartial }: NonNullable<Endpoint['body']>,
  { expectsVersion = false }: Endpoint,
  { schemas }: Shared,
): MediaType {
  return {
    schema: schemas.taken(serializer, { isPartial, hasVersion: expectsVersion }),
    example: takenExample(serializer),
  }
}

/** The body of a deletion: nothing, or the version that was read. */
function versionBody({ expectsVersion }: Endpoint): Pick<Operation, 'requestBody'> {
  if (!expectsVersion) return {}
  const schema = { type: 'object', properties: { version: VERSION_SCHEMA }, additionalProperties: false } as const
  return { requestBody: { required: false, content: json({ schema, example: { version: 3 } }) } }
}

/** A form with one file in it. */
function uploadBody({ upload }: Endpoint): Pick<Operation, 'requestBody'> | null {
  if (!upload) return null
  const { field, types, maxBytes, help = '' } = upload
  const description = `${help} At most ${maxBytes} bytes.`.trim()
  const schema = {
    type: 'object',
    properties: { [field]: { type: 'string', format: 'binary', description } },
    required: [field],
  } as const
  const encoding = { [field]: { contentType: types.join(', ') } }
  return { requestBody: { required: true, content: { [FORM_TYPE]: { schema, encoding } } } }
}

function successResponses(endpoint: Endpoint, shared: Shared): Readonly<Record<string, ResponseObject>> {
  const { status, contentType } = endpoint.answer
  if (contentType === undefined) return { [status]: successResponse(endpoint, shared) }
  const headers = { ...headerReferences([]), ...FILE_ETAG }
  const content = { [contentType]: { schema: { type: 'string', format: 'binary' } } } as const
  return {
    [status]: { description: 'The file.', headers, content },
    304: { description: 'It is as `If-None-Match` says.', headers, content: {} },
  }
}

function successResponse(endpoint: Endpoint, shared: Shared): ResponseObject {
  const { status, serializer, shape, message } = endpoint.answer
  const data: Json = serializer ? shownExample(serializer) : null
  return {
    description: message ?? (shape === 'page' ? 'A page of records.' : 'Success.'),
    headers: {
      ...headerReferences(status === 201 ? ['Location'] : []),
      ...(showsVersion(endpoint) ? ETAG : {}),
    },
    content: json({ schema: answerSchema(endpoint, shared), example: exampleEnvelope(data, endpoint.answer) }),
  }
}

/** Whether the answer is one record of a model that counts its versions. */
function showsVersion({ model, answer }: Endpoint): boolean {
  const members = answer.serializer?.model === model ? (answer.serializer?.members ?? []) : []
  return model?.hasVersion === true && answer.shape === 'object' && members.some(({ name }) => name === 'version')
}

const SUFFIXES = { object: 'Response', list: 'List', page: 'Page', null: 'Response', file: 'File' } as const

function answerSchema(
  { answer, parameters, expandable, model }: Endpoint,
  { components, schemas }: Shared,
): JsonSchema {
  const { serializer, shape } = answer
  if (!serializer) return successEnvelope(components, 'EmptyResponse', { data: { type: 'null' }, shape })
  const name = `${schemas.nameOf(serializer)}${SUFFIXES[shape]}`
  const whole = successEnvelope(components, name, { data: schemas.shown(serializer), shape })
  if (!parameters.some((parameter) => parameter.name === 'fields')) return whole
  const part = schemas.part(serializer, {
    expandable,
    hasDeletion: model?.hasSoftDelete === true,
  })
  // What `fields` and `expand` make of a record is another schema, so that the usual one can promise every field.
  return { anyOf: [whole, successEnvelope(components, `Partial${name}`, { data: part, shape })] }
}
