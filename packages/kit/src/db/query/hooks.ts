import type { AnyModel, Insert, ModelShape, Row } from '../models/index.ts'
import type { Changes } from './changes.ts'
import type { Context } from './context.ts'
import type { HookDeclaration } from './hook-set.ts'

type Answer<Value> = Value | undefined | Promise<Value | undefined> | Promise<void> | void

/** What happened to a row, told after the commit. */
export interface RowChange<M extends ModelShape> {
  readonly kind: 'create' | 'update' | 'delete' | 'restore'
  /** The row as it was; null if it was made. */
  readonly before: Row<M> | null
  /** The row as it is; null if it was deleted. */
  readonly after: Row<M> | null
}

/** What an app does along with the changes of a model. */
export interface ModelHooks<M extends ModelShape> {
  /** Before a row is made. The values that it gives take the place of those that were given. */
  readonly beforeCreate?: (ctx: Context, event: { readonly values: Insert<M> }) => Answer<Insert<M>>
  readonly afterCreate?: (ctx: Context, event: { readonly row: Row<M> }) => Answer<never>
  /** Before a row is changed. The values that it gives take the place of those that were given. */
  readonly beforeUpdate?: (
    ctx: Context,
    event: { readonly before: Row<M>; readonly values: Changes<M> },
  ) => Answer<Changes<M>>
  readonly afterUpdate?: (ctx: Context, event: { readonly before: Row<M>; readonly after: Row<M> }) => Answer<never>
  /** Before a row goes: to the bin, or for good. */
  readonly beforeDelete?: (ctx: Context, event: { readonly row: Row<M> }) => Answer<never>
  readonly afterDelete?: (ctx: Context, event: { readonly row: Row<M> }) => Answer<never>
  readonly beforeRestore?: (ctx: Context, event: { readonly row: Row<M> }) => Answer<never>
  readonly afterRestore?: (ctx: Context, event: { readonly row: Row<M> }) => Answer<never>
  /** After the commit, outside the transaction: for what cannot be undone, such as mail. */
  readonly onCommit?: (ctx: Context, change: RowChange<M>) => Answer<never>
}

const IS_HOOKS = Symbol.for('bailiwick.hooks')

/**
 * Declares what happens along with the changes of a model, in the same transaction. A hook that throws refuses the
 * change, and everything is undone. `hooks.ts` of an app exports them.
 *
 * `hooks(Client, { afterUpdate(ctx, { before, after }) { … } })`
 */
export function hooks<M extends ModelShape>(model: M, declared: ModelHooks<M>): HookDeclaration {
  const made = { ...declared, model: model as unknown as AnyModel } // as: every ModelShape is made by model()
  Object.defineProperty(made, IS_HOOKS, { value: true })
  // as: hooks are called with rows and values of their model, and every scope that runs one is a context
  return Object.freeze(made) as unknown as HookDeclaration
}

/** Whether a value, such as an export of a module, declares hooks. */
export function isHooks(value: unknown): value is HookDeclaration {
  return typeof value === 'object' && value !== null && IS_HOOKS in value
}
