import type { Json, JsonSchema } from '../db/index.ts'

/** A pointer to a component. */
export interface Reference {
  readonly $ref: string
}

export interface License {
  readonly name: string
  /** Of the SPDX list: `MIT`. */
  readonly identifier?: string
  readonly url?: string
}

export interface Server {
  readonly url: string
  readonly description?: string
}

export interface Tag {
  readonly name: string
  readonly description: string
}

export interface HeaderObject {
  readonly description: string
  readonly schema: JsonSchema
}

export interface ParameterObject {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description: string
  readonly required?: boolean
  readonly style?: 'form'
  readonly explode?: boolean
  readonly schema: JsonSchema
  readonly example?: Json
}

export interface Example {
  readonly summary?: string
  readonly value: Json
}

export interface MediaType {
  readonly schema: JsonSchema
  readonly example?: Json
  readonly examples?: Readonly<Record<string, Example>>
  /** The types of the files in a form. */
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>
}

type Content = Readonly<Record<string, MediaType>>

export interface ResponseObject {
  readonly description: string
  readonly headers: Readonly<Record<string, Reference | HeaderObject>>
  readonly content: Content
}

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly ParameterObject[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

/** The operations of one path, by their method in small letters. */
export type PathItem = Readonly<Record<string, Operation>>

export interface ComponentsObject {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly responses: Readonly<Record<string, ResponseObject>>
  readonly headers: Readonly<Record<string, HeaderObject>>
  readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A document in OpenAPI 3.1: as much of the standard as this kit writes. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description?: string
    readonly license?: License
  }
  readonly servers: readonly Server[]
  readonly tags: readonly Tag[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: ComponentsObject
}
