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

/** Of a relation to the model itself: one that holds both ways has one name, one that leads one way has a way back. */
export type SelfManyToManyOptions =
  | (Omit<ManyToManyOptions, 'relatedName'> & { readonly symmetrical?: true })
  | (ManyToManyOptions & { readonly symmetrical: false })

type AnyManyToManyOptions = ManyToManyOptions & { readonly symmetrical?: boolean }

/** A declared many-to-many relation. It has no column: the pairs are rows of a model between. */
export class ManyToMany<Target = unknown> {
  /** Only for the compiler; never set. */
  declare readonly target: Target
  readonly targetOf: (() => RelationTarget) | 'self'
  readonly options: ManyToManyOptions
  /** Whether rows that are tied are tied both ways. */
  readonly isSymmetrical: boolean

  constructor(targetOf: (() => RelationTarget) | 'self', { symmetrical, ...options }: AnyManyToManyOptions) {
    this.targetOf = targetOf
    this.options = Object.freeze(options)
    this.isSymmetrical = targetOf === 'self' && symmetrical !== false
    if (symmetrical === true && targetOf !== 'self') {
      throw new TypeError("Only a many-to-many field to 'self' can be symmetrical")
    }
    if (this.isSymmetrical && typeof options.relatedName === 'string') {
      throw new TypeError(
        `A symmetrical many-to-many field has no way back to be called "${options.relatedName}": leave relatedName out, or say symmetrical: false`,
      )
    }
  }
}

/**
 * Ties rows of this model to any number of rows of another, and those to any number of these. The pairs are kept by
 * `ctx.links(Model, id, 'tags')`.
 *
 * Without `through` the pairs are rows of a model that the kit makes: `clients.ClientTags` for the field `tags` of
 * `clients.Client`. With `through` they are rows of a model of one's own.
 *
 * To the model itself (`'self'`) it holds both ways: who is tied to a row has that row tied to it. With
 * `symmetrical: false` it leads one way, and has a way back as any other.
 *
 * @example
 * const follows = manyToMany('self', { symmetrical: false, relatedName: 'followers' })
 * assert.equal(follows.options.relatedName, 'followers')
 *
 * @throws {TypeError} if a relation that holds both ways is given the name of a way back
 */
export function manyToMany(target: 'self', options?: SelfManyToManyOptions): ManyToMany<Self>
export function manyToMany<Target extends RelationTarget>(
  target: () => Target,
  options?: ManyToManyOptions,
): ManyToMany<Target>
export function manyToMany(target: (() => RelationTarget) | 'self', options: AnyManyToManyOptions = {}): ManyToMany {
  return new ManyToMany(target, options)
}
