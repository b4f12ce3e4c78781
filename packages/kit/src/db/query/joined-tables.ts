import type { AnyModel, Column, Registry } from '../models/index.ts'
import type { SqlBuilder } from './store.ts'

interface Join {
  readonly alias: string
  readonly parent: string
  readonly hop: Column
  readonly target: AnyModel
}

/** The tables of one select: the model's own and those that its paths reach, each joined once. */
export class JoinedTables {
  readonly base: string
  readonly registry: Registry
  readonly #model: AnyModel
  readonly #joins = new Map<string, Join>()

  constructor(registry: Registry, model: AnyModel, prefix: string) {
    this.registry = registry
    this.#model = model
    this.base = `${prefix}0`
  }

  /** Joins the tables along a path, and gives the alias of the last. */
  add(hops: readonly Column[]): string {
    let alias = this.base
    let key = ''
    for (const hop of hops) {
      key += `${hop.name}/`
      const join = this.#joins.get(key) ?? {
        alias: `${this.base.slice(0, -1)}${this.#joins.size + 1}`,
        parent: alias,
        hop,
        target: this.target(hop),
      }
      this.#joins.set(key, join)
      alias = join.alias
    }
    return alias
  }

  target(hop: Column): AnyModel {
    return this.registry.target(hop)
  }

  column(column: Column): string {
    return `${this.base}.${column.column}`
  }

  columnOver(hops: readonly Column[], column: Column): string {
    return `${this.add(hops)}.${column.column}`
  }

  /** A select from these tables. Rows that point nowhere stay in: the joins are left joins. */
  from(builder: SqlBuilder) {
    let select = builder.selectFrom(`${this.#model.table} as ${this.base}`)
    for (const { alias, parent, hop, target } of this.#joins.values()) {
      select = select.leftJoin(`${target.table} as ${alias}`, (join) =>
        join.onRef(`${parent}.${hop.column}`, '=', `${alias}.id`),
      )
    }
    return select
  }
}
