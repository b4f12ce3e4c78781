import {
  ColumnNode,
  CommonTableExpressionNameNode,
  CommonTableExpressionNode,
  FromNode,
  GroupByItemNode,
  GroupByNode,
  HavingNode,
  JoinNode,
  type JoinType,
  LimitNode,
  OrderByItemNode,
  OrderByNode,
  RawNode,
  type SelectionNode,
  SelectModifierNode,
  SelectQueryNode,
  SetOperationNode,
  TableNode,
  ValueNode,
  WhereNode,
  WithNode,
} from 'kysely'
import type { DialectName } from '../dialects/index.ts'
import type { ChoiceTape } from './choice-tape.ts'
import { RandomExpressions } from './random-expressions.ts'
import { aliased, column, comparison, named, type RandomSource, type SelectMaker, TABLES } from './random-source.ts'

const JOIN_TYPES: Readonly<Record<DialectName, readonly [JoinType, ...JoinType[]]>> = {
  sqlite: ['InnerJoin', 'LeftJoin', 'RightJoin', 'FullJoin', 'CrossJoin'],
  postgresql: ['InnerJoin', 'LeftJoin', 'RightJoin', 'FullJoin', 'CrossJoin', 'LateralInnerJoin', 'LateralLeftJoin'],
  mysql: ['InnerJoin', 'LeftJoin', 'RightJoin', 'CrossJoin'],
}

/** Makes selects of three columns (`id`, `name`, `credit`), so that each can stand in the place of any other. */
export class RandomSelects implements SelectMaker {
  readonly dialect: DialectName
  readonly tape: ChoiceTape
  readonly expressions: RandomExpressions
  #aliases = 0
  // Sources multiply: beyond so many a query would answer with millions of rows.
  #sourcesLeft = 6
  #ctes: string[] = []

  constructor(tape: ChoiceTape, dialect: DialectName) {
    this.tape = tape
    this.dialect = dialect
    this.expressions = new RandomExpressions(this)
  }

  rows(depth: number, outer: readonly RandomSource[] = []): SelectQueryNode {
    const ctes = this.#ctes
    const clause = depth > 0 && this.tape.once(5) ? this.#with(depth - 1) : undefined
    const select = this.tape.once(6) ? this.#grouped(depth) : this.#plain(depth, outer)
    this.#ctes = ctes
    const withClause = clause === undefined ? {} : { with: clause }
    if (depth > 0 && this.tape.once(5)) return { ...this.#union(select, depth - 1), ...withClause }
    return { ...select, ...withClause, ...this.#end(select) }
  }

  /** A table, or what stands for one: a subquery, a common table expression. */
  source(depth: number): RandomSource {
    const alias = this.newAlias()
    this.#sourcesLeft -= 1
    if (this.#sourcesLeft < 0) return this.table(alias)
    const cte = this.#ctes[this.tape.below(this.#ctes.length + 1) - 1]
    if (cte !== undefined && this.#sourcesLeft > 1) return aliased(TableNode.create(cte), alias, false)
    if (depth > 0 && this.tape.once(5)) return aliased(this.rows(depth - 1), alias, false)
    if (depth > 0 && this.tape.once(8)) return aliased(this.#rawSource(depth - 1), alias, false)
    return this.table(alias)
  }

  table(alias: string): RandomSource {
    const table = this.tape.pick(TABLES)
    return aliased(TableNode.create(table), alias, table !== 'account_user' && table !== 'config_country')
  }

  newAlias(): string {
    this.#aliases += 1
    return `t${this.#aliases}`
  }

  join(known: readonly RandomSource[], depth: number): { readonly node: JoinNode; readonly source: RandomSource } {
    const type = this.tape.pick(JOIN_TYPES[this.dialect])
    const source = type.startsWith('Lateral') ? this.#lateral(known, depth) : this.source(depth)
    const last = known.at(-1) ?? source
    // PostgreSQL makes full joins only of equations.
    const equal = comparison(column(last, 'id'), '=', column(source, 'id'))
    const on = type === 'FullJoin' ? equal : this.expressions.condition([last, source], depth)
    const isCross = type === 'CrossJoin'
    return { node: isCross ? JoinNode.create(type, source.node) : JoinNode.createWithOn(type, source.node, on), source }
  }

  #plain(depth: number, outer: readonly RandomSource[]): SelectQueryNode {
    const first = this.source(depth)
    const sources = [first]
    const froms = [first.node]
    if (this.#sourcesLeft > 0 && this.tape.once(5)) {
      const second = this.source(depth)
      froms.unshift(second.node)
      sources.unshift(second)
    }
    const joins: JoinNode[] = []
    // A join sees what was joined before it, and of `from` the last item.
    let joined = [first]
    for (let count = this.tape.below(3); count > 0 && this.#sourcesLeft > 0; count -= 1) {
      const { node, source } = this.join(joined, depth)
      joins.push(node)
      joined = [...joined, source]
    }
    const visible = [...sources, ...joined.slice(1)]
    const where = this.tape.once(2) ? this.expressions.condition([...visible, ...outer], depth) : undefined
    return {
      kind: 'SelectQueryNode',
      from: FromNode.create(froms),
      selections: this.#selections(visible, depth),
      ...(joins.length > 0 && { joins }),
      ...(where !== undefined && { where: WhereNode.create(where) }),
      ...(this.tape.once(8) && { frontModifiers: [SelectModifierNode.create('Distinct')] }),
    }
  }

  #grouped(depth: number): SelectQueryNode {
    const source = this.source(depth)
    const { expressions } = this
    const selections = [
      named(expressions.aggregate('max', column(source, 'id')), 'id'),
      named(column(source, 'name'), 'name'),
      named(expressions.aggregate(this.tape.pick(['max', 'count', 'min']), column(source, 'credit')), 'credit'),
    ]
    const having = comparison(expressions.aggregate('count', column(source, 'id')), '>', ValueNode.createImmediate(0))
    return {
      kind: 'SelectQueryNode',
      from: FromNode.create([source.node]),
      selections,
      groupBy: GroupByNode.create([GroupByItemNode.create(column(source, 'name'))]),
      ...(this.tape.once(2) && { having: HavingNode.create(having) }),
      ...(this.tape.once(2) && { where: WhereNode.create(expressions.condition([source], depth)) }),
    }
  }

  #union(first: SelectQueryNode, depth: number): SelectQueryNode {
    const operator = this.tape.pick(['union', 'intersect', 'except'] as const)
    const isAll = operator === 'union' && this.tape.once(2)
    return { ...first, setOperations: [SetOperationNode.create(operator, this.#part(depth), isAll)] }
  }

  /** Half of a union: SQLite takes no parentheses, clause or limit there. */
  #part(depth: number): SelectQueryNode {
    return this.#plain(depth, [])
  }

  #with(depth: number): WithNode {
    const name = `cte_${this.newAlias()}`
    const isRecursive = this.tape.once(2)
    const body = isRecursive ? this.#recursive(name, depth) : this.rows(depth)
    this.#ctes = [...this.#ctes, name]
    const expression = CommonTableExpressionNode.create(CommonTableExpressionNameNode.create(name), body)
    return WithNode.create(expression, { recursive: isRecursive })
  }

  #recursive(name: string, depth: number): SelectQueryNode {
    const tree = aliased(TableNode.create(name), this.newAlias(), false)
    const source = this.table(this.newAlias())
    const step: SelectQueryNode = {
      ...SelectQueryNode.createFrom([source.node]),
      joins: [JoinNode.createWithOn('InnerJoin', tree.node, comparison(column(source, 'id'), '=', column(tree, 'id')))],
      selections: ['id', 'name', 'credit'].map((key) => named(column(source, key), key)),
    }
    return { ...this.#part(depth), setOperations: [SetOperationNode.create('union', step, false)] }
  }

  #lateral(known: readonly RandomSource[], depth: number): RandomSource {
    return aliased(this.rows(Math.max(depth - 1, 0), known), this.newAlias(), false)
  }

  #rawSource(depth: number): RawNode {
    return RawNode.create(['(select * from ', ' as held)'], [this.rows(depth)])
  }

  #selections(sources: readonly RandomSource[], depth: number): SelectionNode[] {
    const { expressions } = this
    return [
      named(expressions.number(sources, depth), 'id'),
      named(expressions.text(sources, depth), 'name'),
      named(expressions.number(sources, depth), 'credit'),
    ]
  }

  #end(select: SelectQueryNode): Partial<SelectQueryNode> {
    if (!this.tape.once(4) || select.groupBy !== undefined) return {}
    const item = OrderByItemNode.create(ColumnNode.create('id'), RawNode.createWithSql(this.tape.pick(['asc', 'desc'])))
    return {
      orderBy: OrderByNode.create([item]),
      ...(this.tape.once(2) && { limit: LimitNode.create(ValueNode.createImmediate(3)) }),
    }
  }
}
