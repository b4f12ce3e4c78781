import type { ModelShape } from './model-types.ts'

/** Many rows of a model that point here; see `RelatedNames`. */
export interface ManyRelated<M extends ModelShape> {
  readonly model: M
  readonly isOne: false
}

/** The one row of a model that points here, or none; see `RelatedNames`. */
export interface OneRelated<M extends ModelShape> {
  readonly model: M
  readonly isOne: true
}

/**
 * The relations that lead back from a model to the rows that point to it, for the compiler. An app adds those that it
 * uses in typed queries, under the label of the model pointed to:
 * `declare module '@bailiwick/kit/db' { interface RelatedNames { 'account.User': { clients: ManyRelated<typeof Client> } } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it
export interface RelatedNames {}

/** The named relations that lead back from a model, as `RelatedNames` tells of them. */
export type RelatedTo<M extends ModelShape> = M['label'] extends keyof RelatedNames ? RelatedNames[M['label']] : unknown
