import type { RelationTarget, Self } from '../fields/index.ts'

export interface ManyToManyOptions {
  /** A model of one's own between the two, with fields of its own. Without it the kit makes one. */
  readonly through?: () => RelationTarget
  /** The foreign keys of `through` that lead here and there, where it has several to one of the two. */
  readonly throughFields?: readonly [string, string]
  /** What these rows are called from the other side: the model's name in snake_case by default; `false`: no name. */
  readonly relatedName?: string | false
  readonly label?: string
  readonly help?: string
  /** The name that the field had before: `makemigrations` then renames the model between and keeps the pairs. */
  readonly renamedFrom?: string
}

/** A declared many-to-many relation. It has no column: the pairs are rows of a model between. */
export class ManyToMany<Target = unknown> {
  /** Only for the compiler; never set. */
  declare readonly target: Target
  readonly targetOf: (() => RelationTarget) | 'self'
  readonly options: ManyToManyOptions

  constructor(targetOf: (() => RelationTarget) | 'self', options: ManyToManyOptions) {
    this.targetOf = targetOf
    this.options = options
  }
}

/**
 * Ties rows of this model to any number of rows of another, and those to any number of these. The pairs are kept by
 * `ctx.links(Model, id, 'tags')`.
 *
 * Without `through` the pairs are rows of a model that the kit makes: `clients.ClientTags` for the field `tags` of
 * `clients.Client`. With `through` they are rows of a model of one's own.
 *
 * @example
 * const follows = manyToMany('self', { relatedName: 'followers' })
 * assert.equal(follows.options.relatedName, 'followers')
 */
export function manyToMany(target: 'self', options?: ManyToManyOptions): ManyToMany<Self>
export function manyToMany<Target extends RelationTarget>(
  target: () => Target,
  options?: ManyToManyOptions,
): ManyToMany<Target>
export function manyToMany(target: (() => RelationTarget) | 'self', options: ManyToManyOptions = {}): ManyToMany {
  return new ManyToMany(target, Object.freeze({ ...options }))
}
