import {
  ColumnNode,
  ColumnUpdateNode,
  DefaultInsertValueNode,
  DeleteQueryNode,
  InsertQueryNode,
  OnConflictNode,
  OnDuplicateKeyNode,
  type OperationNode,
  RawNode,
  ReturningNode,
  type RootOperationNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  UsingNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import type { RandomSelects } from './random-select.ts'
import { aliased, column, named, type RandomSource, TABLES } from './random-source.ts'

const DEPTH = 1

/** Makes inserts, upserts, updates and deletes. The ids of the inserts clash with rows of everyone. */
export class RandomWrites {
  readonly #selects: RandomSelects

  constructor(selects: RandomSelects) {
    this.#selects = selects
  }

  write(): RootOperationNode {
    switch (this.#selects.tape.below(3)) {
      case 1:
        return this.#delete()
      case 2:
        return this.#insert()
      default:
        return this.#update()
    }
  }

  #insert(): InsertQueryNode {
    const { tape } = this.#selects
    const table = tape.pick(TABLES)
    const isReplaced = this.#selects.dialect !== 'postgresql' && tape.once(10)
    const isNamingBusiness = table !== 'account_user' && table !== 'config_country' && tape.once(4)
    const isSelecting = !isNamingBusiness && tape.once(3)
    const names = ['id', 'name', 'credit', ...(isNamingBusiness ? ['business_id'] : [])]
    return InsertQueryNode.cloneWith(InsertQueryNode.create(TableNode.create(table), undefined, isReplaced), {
      columns: names.map(ColumnNode.create),
      values: isSelecting ? this.#selects.rows(DEPTH) : this.#values(isNamingBusiness),
      ...(!tape.once(3) && this.#upsert(table)),
      ...(tape.once(3) && { returning: this.#returning(table) }),
    })
  }

  #values(isNamingBusiness: boolean): ValuesNode {
    const { tape, expressions } = this.#selects
    const source = this.#selects.source(0)
    const highest = named(expressions.aggregate('max', column(source, 'name')), 'highest')
    const found: SelectQueryNode = { ...SelectQueryNode.createFrom([source.node]), selections: [highest] }
    const name = tape.once(2) ? found : ValueNode.create('new')
    const values = [ValueNode.create(1 + tape.below(25)), name, ValueNode.create(1)]
    const business = tape.pick([ValueNode.create('A'), DefaultInsertValueNode.create(), ValueNode.create('B')])
    return ValuesNode.create([ValueListNode.create(isNamingBusiness ? [...values, business] : values)])
  }

  #upsert(table: string): Partial<InsertQueryNode> {
    const { tape, dialect } = this.#selects
    const target: RandomSource = { node: TableNode.create(table), name: table, isScoped: false }
    const updates = this.#assignments(target)
    if (dialect === 'mysql') return { onDuplicateKey: OnDuplicateKeyNode.create(updates) }
    const columns = [ColumnNode.create('id')]
    if (tape.once(5))
      return { onConflict: OnConflictNode.cloneWith(OnConflictNode.create(), { columns, doNothing: true }) }
    const where = tape.once(2) ? WhereNode.create(RawNode.createWithSql('1 = 1 or 2 = 2')) : undefined
    const conflict = OnConflictNode.cloneWith(OnConflictNode.create(), { columns, updates })
    return { onConflict: where === undefined ? conflict : { ...conflict, updateWhere: where } }
  }

  #update(): UpdateQueryNode {
    const { tape, dialect, expressions } = this.#selects
    const target = this.#target()
    const sources = [target]
    const more: OperationNode[] = []
    if (tape.once(3)) {
      const other = this.#selects.source(DEPTH)
      sources.push(other)
      more.push(other.node)
    }
    const hasReturning = dialect !== 'mysql' && tape.once(3)
    const isMany = dialect === 'mysql' && more.length > 0
    const update = UpdateQueryNode.create(isMany ? [target.node, ...more] : [target.node])
    const joins = more.length > 0 && !isMany && tape.once(3) ? [this.#selects.join(sources.slice(1), DEPTH).node] : []
    return {
      ...UpdateQueryNode.cloneWithUpdates(update, this.#assignments(target, isMany, sources)),
      ...(more.length > 0 && !isMany && { from: { kind: 'FromNode', froms: more } }),
      ...(joins.length > 0 && { joins }),
      ...(tape.once(2) && { where: WhereNode.create(expressions.condition(sources, DEPTH)) }),
      ...(hasReturning && { returning: this.#returning(target.name) }),
    }
  }

  #delete(): DeleteQueryNode {
    const { tape, dialect, expressions } = this.#selects
    const isUsing = dialect !== 'sqlite' && tape.once(3)
    // Not every MariaDB takes an alias for the table of a plain delete.
    const target = isUsing ? this.#target() : this.#bare()
    const other = isUsing ? this.#selects.source(DEPTH) : undefined
    const sources = other === undefined ? [target] : [target, other]
    const isMany = other !== undefined && dialect === 'mysql'
    const from = DeleteQueryNode.create([isMany ? TableNode.create(target.name) : target.node])
    const using = other && UsingNode.create(isMany ? [target.node, other.node] : [other.node])
    return {
      ...from,
      ...(using !== undefined && { using }),
      ...(tape.once(2) && { where: WhereNode.create(expressions.condition(sources, DEPTH)) }),
      ...(!isMany && tape.once(3) && { returning: this.#returning(target.name) }),
    }
  }

  #target(): RandomSource {
    const name = this.#selects.newAlias()
    const table = this.#selects.tape.pick(TABLES)
    const isScoped = table !== 'account_user' && table !== 'config_country'
    return aliased(TableNode.create(table), name, isScoped)
  }

  #bare(): RandomSource {
    const table = this.#selects.tape.pick(TABLES)
    const isScoped = table !== 'account_user' && table !== 'config_country'
    return { node: TableNode.create(table), name: table, isScoped }
  }

  #assignments(target: RandomSource, isQualified = false, sources = [target]): ColumnUpdateNode[] {
    const { tape, expressions } = this.#selects
    const value = tape.pick([
      () => ValueNode.create('changed'),
      () => expressions.text(sources, DEPTH),
      () => RawNode.create(['upper(', ')'], [column(target, 'name')]),
    ])()
    const name = isQualified ? column(target, 'name') : ColumnNode.create('name')
    const credit = isQualified ? column(target, 'credit') : ColumnNode.create('credit')
    return [ColumnUpdateNode.create(name, value), ColumnUpdateNode.create(credit, ValueNode.create(3))]
  }

  #returning(name: string): ReturningNode {
    // SQLite does not know the table's alias there.
    const isPlain = this.#selects.dialect === 'sqlite'
    const source = { node: TableNode.create(name), name, isScoped: false }
    return ReturningNode.create(
      ['id', 'name', 'credit'].map((key) => named(isPlain ? ColumnNode.create(key) : column(source, key), key)),
    )
  }
}
