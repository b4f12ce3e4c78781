import type { RowObject } from '../codec/index.ts'
import type { AnyModel } from '../models/index.ts'

type Awaitable<Value> = Value | Promise<Value>
type Values = Readonly<Record<string, unknown>>

/** What happened to a row, told after the commit. */
export interface CommittedChange {
  readonly kind: 'create' | 'update' | 'delete' | 'restore'
  /** The row as it was; null if it was made. */
  readonly before: RowObject | null
  /** The row as it is; null if it was deleted. */
  readonly after: RowObject | null
}

/**
 * The hooks of one model, as the store keeps them. Apps declare them by `hooks`, with the types of the model; `ctx` is
 * the context of the change.
 */
export interface HookDeclaration {
  readonly model: AnyModel
  readonly beforeCreate?: (ctx: object, event: { readonly values: Values }) => Awaitable<Values | undefined>
  readonly afterCreate?: (ctx: object, event: { readonly row: RowObject }) => Awaitable<void>
  readonly beforeUpdate?: (
    ctx: object,
    event: { readonly before: RowObject; readonly values: Values },
  ) => Awaitable<Values | undefined>
  readonly afterUpdate?: (
    ctx: object,
    event: { readonly before: RowObject; readonly after: RowObject },
  ) => Awaitable<void>
  readonly beforeDelete?: (ctx: object, event: { readonly row: RowObject }) => Awaitable<void>
  readonly afterDelete?: (ctx: object, event: { readonly row: RowObject }) => Awaitable<void>
  readonly beforeRestore?: (ctx: object, event: { readonly row: RowObject }) => Awaitable<void>
  readonly afterRestore?: (ctx: object, event: { readonly row: RowObject }) => Awaitable<void>
  readonly onCommit?: (ctx: object, change: CommittedChange) => Awaitable<void>
}

/** The hooks of a project, by model. */
export class HookSet {
  readonly #byLabel = new Map<string, HookDeclaration[]>()

  constructor(declared: readonly HookDeclaration[]) {
    for (const each of declared) {
      this.#byLabel.set(each.model.label, [...(this.#byLabel.get(each.model.label) ?? []), each])
    }
  }

  /** The hooks of a model that have to do with one kind of change, in the order of their declaration. Mostly none. */
  of({ label }: AnyModel, kind: CommittedChange['kind']): readonly HookDeclaration[] {
    return this.#byLabel.get(label)?.filter((each) => concerns(each, kind)) ?? NONE
  }
}

const NONE: readonly HookDeclaration[] = []

function concerns(declared: HookDeclaration, kind: CommittedChange['kind']): boolean {
  if (declared.onCommit) return true
  switch (kind) {
    case 'create':
      return Boolean(declared.beforeCreate ?? declared.afterCreate)
    case 'update':
      return Boolean(declared.beforeUpdate ?? declared.afterUpdate)
    case 'delete':
      return Boolean(declared.beforeDelete ?? declared.afterDelete)
    case 'restore':
      return Boolean(declared.beforeRestore ?? declared.afterRestore)
  }
}
