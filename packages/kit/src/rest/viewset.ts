import type { FastifyRequest } from 'fastify'
import { isMember, type Permission, type Principal } from '../auth/index.ts'
import {
  type AnyModel,
  type Context,
  type Filter,
  type FilterName,
  type Insert,
  type ModelShape,
  type Path,
  plainSpec,
  type Row,
  type SelectSpec,
  type Update,
} from '../db/index.ts'
import type { Action } from './action.ts'
import { serializer as defaultSerializer, type Serializer } from './serializer.ts'

/** The six steps of DRF's ModelViewSet, and `restore` for what was deleted. */
export const STANDARD_ACTIONS = [
  'list',
  'retrieve',
  'create',
  'update',
  'partial_update',
  'destroy',
  'restore',
] as const
export type StandardAction = (typeof STANDARD_ACTIONS)[number]

type Permissions = Permission | ({ readonly default?: Permission } & { readonly [Name in StandardAction]?: Permission })

/** What a hook works with besides its row and values. */
export interface HookCall {
  readonly ctx: Context
  readonly principal: Principal | null
  /** The version that the row must still have, on models with `version: true`, if the request says one. */
  readonly version?: number | undefined
}

/** What a hook that writes works with: the request tells from where it came. */
export interface WriteCall extends HookCall {
  readonly request: FastifyRequest
}

export interface ViewSetHooks<M extends ModelShape> {
  /** Narrows the rows of every action to what this asker may see: DRF's `get_queryset`. */
  readonly filterRows?: (call: HookCall) => Filter<M>
  /** Checks or completes values before they are written. Refuses by throwing `validationError({ … })`. */
  readonly validate?: (
    values: Readonly<Record<string, unknown>>,
    call: HookCall,
  ) => Promise<Readonly<Record<string, unknown>>>
  readonly performCreate?: (values: Insert<M>, call: WriteCall) => Promise<Row<M>>
  readonly performUpdate?: (row: Row<M>, values: Update<M>, call: WriteCall) => Promise<unknown>
  readonly performDestroy?: (row: Row<M>, call: WriteCall) => Promise<unknown>
  readonly performRestore?: (row: Row<M>, call: WriteCall) => Promise<unknown>
}

/** A serializer of the model; or with `present` one that stands by itself. */
type RowSerializer<M extends ModelShape> = Serializer<Row<M>> | Serializer<Readonly<Record<string, unknown>>>

/** Makes what is shown of rows, one thing for each, in their order. */
export type Present<M extends ModelShape> = (
  ctx: Context,
  rows: readonly Row<M>[],
  call: HookCall,
) => Promise<readonly object[]>

export interface ViewSetOptions<M extends ModelShape> extends ViewSetHooks<M> {
  readonly serializer?: RowSerializer<M>
  /**
   * The field by which rows are found in addresses, in place of their id: one that is unique by itself among the rows of a
   * business. Changes need hooks then.
   */
  readonly lookup?: keyof Row<M> & string
  /**
   * What is shown where that is more than the columns of a row: made of all rows of an answer at once, for serializers
   * that stand by themselves. Filters and orderings are named then, and nothing is expanded.
   */
  readonly present?: Present<M>
  /** A serializer of its own for some actions. */
  readonly serializers?: { readonly [Name in StandardAction]?: RowSerializer<M> }
  /** Fields that `?search=` looks into; `^name` begins with, `=name` equals. None: no search. */
  readonly search?: readonly (Path<M> | `^${Path<M>}` | `=${Path<M>}`)[]
  /**
   * What may be filtered by; by default all fields that are shown, and those of the rows that may be expanded. With a lookup
   * behind a field, just that; over relations and into JSON too. What does not lead anywhere throws at the start.
   */
  readonly filters?: readonly FilterName<M>[]
  /** Fields that may be sorted by; by default all that are shown. */
  readonly ordering?: readonly Path<M>[]
  /** The order of lists that ask for none; by default the model's. */
  readonly defaultOrdering?: readonly (Path<M> | `-${Path<M>}`)[]
  /**
   * What `?expand=` may show as objects, with its serializer: foreign keys, and by name the relations that lead to other
   * rows, which are shown as a list of the first hundred. By default the foreign keys, each with its model's own.
   */
  readonly expand?: Readonly<Record<string, Serializer>>
  /** Who may do what; by default every member of the business, and managers restore. */
  readonly permissions?: Permissions
  readonly actions?: Readonly<Record<string, Action<M>>>
  /** Only these of the standard actions. */
  readonly only?: readonly StandardAction[]
  readonly messages?: { readonly [Name in StandardAction]?: string }
  readonly description?: string
}

/** A model's endpoints, declared. */
export interface ViewSet {
  readonly model: AnyModel
  readonly options: ViewSetOptions<ModelShape>
  readonly serializer: Serializer
  /** A select of whole rows. */
  readonly plain: SelectSpec
}

/**
 * Declares the endpoints of a model: list, retrieve, create, update, partial update, destroy and restore, with filters,
 * search, ordering and pages.
 *
 * `viewset(Client, { search: ['name', 'email'], permissions: isMember })` is a whole app.
 */
export function viewset<M extends ModelShape>(model: M, options: ViewSetOptions<M> = {}): ViewSet {
  const declared = model as unknown as AnyModel // as: every ModelShape is made by model()
  assertLookup(declared, options as unknown as ViewSetOptions<ModelShape>) // as: used only with that model
  return {
    model: declared,
    plain: plainSpec(declared),
    options: options as unknown as ViewSetOptions<ModelShape>, // as: used only with that model
    serializer: options.serializer ?? defaultSerializer(model),
  }
}

/** By a lookup that is not unique a request would be about any of several rows; without hooks it is the id that is written by. */
function assertLookup(model: AnyModel, options: ViewSetOptions<ModelShape>): void {
  const { lookup, only = STANDARD_ACTIONS } = options
  if (lookup === undefined) return
  const isUnique = model.unique.some(({ fields, where }) => fields.length === 1 && fields[0] === lookup && !where)
  if (!isUnique) throw new TypeError(`${model.label}.${lookup} is not unique: no row can be found by it`)
  const hooked = { update: 'performUpdate', partial_update: 'performUpdate', destroy: 'performDestroy' } as const
  for (const [action, hook] of Object.entries(hooked)) {
    // as: the entries of the object above
    const isServed = only.includes(action as StandardAction)
    if (isServed && !options[hook as keyof typeof options]) {
      throw new TypeError(`${model.label}: ${action} by ${lookup} needs ${hook}`)
    }
  }
  if (only.includes('restore')) throw new TypeError(`${model.label}: rows are not restored by ${lookup}`)
}

/** Who may take an action. */
export function permissionFor({ options }: ViewSet, action: StandardAction, restore: Permission): Permission {
  const { permissions } = options
  const isOne = permissions !== undefined && 'allows' in permissions
  if (isOne) return permissions
  return permissions?.[action] ?? permissions?.default ?? (action === 'restore' ? restore : isMember)
}
