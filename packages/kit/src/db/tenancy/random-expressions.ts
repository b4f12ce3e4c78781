import {
  AggregateFunctionNode,
  CaseNode,
  FunctionNode,
  type OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  PrimitiveValueListNode,
  RawNode,
  SelectQueryNode,
  UnaryOperationNode,
  ValueNode,
  WhenNode,
} from 'kysely'
import { both, column, comparison, named, type RandomSource, type SelectMaker } from './random-source.ts'

/** Makes expressions over sources, with subqueries of all kinds inside. */
export class RandomExpressions {
  readonly #selects: SelectMaker

  constructor(selects: SelectMaker) {
    this.#selects = selects
  }

  number(sources: readonly RandomSource[], depth: number): OperationNode {
    const { tape } = this.#selects
    const source = this.#any(sources)
    switch (depth > 0 ? tape.below(7) : tape.below(3)) {
      case 1:
        return column(source, 'credit')
      case 2:
        return RawNode.create(['', ' + 1'], [column(source, 'credit')])
      case 3:
        return this.#scalar(tape.pick(['max', 'min', 'count']), 'credit', depth - 1)
      case 4:
        return this.#choice(sources, depth - 1)
      case 5:
        return RawNode.create(['coalesce(', ', 0)'], [this.#scalar('max', 'id', depth - 1)])
      case 6:
        return FunctionNode.create('coalesce', [column(source, 'credit'), ValueNode.createImmediate(0)])
      default:
        return column(source, 'id')
    }
  }

  text(sources: readonly RandomSource[], depth: number): OperationNode {
    const { tape } = this.#selects
    const source = this.#any(sources)
    switch (depth > 0 ? tape.below(5) : tape.below(3)) {
      case 1:
        return RawNode.create(['lower(', ')'], [column(source, 'name')])
      case 2:
        return column(source, source.isScoped ? 'business_id' : 'name')
      case 3:
        return this.#scalar(tape.pick(['max', 'min']), 'name', depth - 1)
      case 4:
        return FunctionNode.create('upper', [this.#scalar('max', 'name', depth - 1)])
      default:
        return column(source, 'name')
    }
  }

  condition(sources: readonly RandomSource[], depth: number): OperationNode {
    const { tape } = this.#selects
    const source = this.#any(sources)
    const other = this.#any(sources)
    switch (depth > 0 ? tape.below(9) : tape.below(6)) {
      case 1:
        return RawNode.createWithSql('1 = 1 or 2 = 2')
      case 2:
        return OrNode.create(
          comparison(column(source, 'credit'), '>', ValueNode.create(2)),
          comparison(column(other, 'id'), '=', column(source, 'id')),
        )
      case 3:
        return source.isScoped
          ? comparison(column(source, 'business_id'), '=', ValueNode.create('B'))
          : comparison(column(source, 'id'), '>', ValueNode.create(0))
      case 4:
        return comparison(column(source, 'name'), 'like', ValueNode.create('%'))
      case 5:
        return comparison(column(source, 'id'), 'in', PrimitiveValueListNode.create([1, 2, 11, 12, 13]))
      case 6:
        return this.#exists(source, depth - 1)
      case 7:
        return comparison(column(source, 'id'), 'in', this.#ids(depth - 1))
      case 8:
        return both(
          ParensNode.create(this.condition(sources, depth - 1)),
          ParensNode.create(this.condition(sources, depth - 1)),
        )
      default:
        return comparison(column(source, 'id'), '=', column(other, 'id'))
    }
  }

  aggregate(name: 'max' | 'min' | 'count', node: OperationNode): OperationNode {
    return AggregateFunctionNode.create(name, [node])
  }

  #any(sources: readonly RandomSource[]): RandomSource {
    const source = sources[this.#selects.tape.below(sources.length)]
    if (source === undefined) throw new RangeError('An expression needs a source')
    return source
  }

  #scalar(name: 'max' | 'min' | 'count', key: string, depth: number): OperationNode {
    const source = this.#selects.source(Math.max(depth, 0))
    const selections = [named(this.aggregate(name, column(source, key)), 'found')]
    const select: SelectQueryNode = { ...SelectQueryNode.createFrom([source.node]), selections }
    return select
  }

  #choice(sources: readonly RandomSource[], depth: number): OperationNode {
    const when = WhenNode.create(this.condition(sources, Math.max(depth, 0)))
    const chosen = CaseNode.cloneWithWhen(
      CaseNode.create(),
      WhenNode.cloneWithResult(when, ValueNode.createImmediate(1)),
    )
    return CaseNode.cloneWith(chosen, { else: this.number(sources, 0) })
  }

  #exists(source: RandomSource, depth: number): OperationNode {
    const operator = OperatorNode.create(this.#selects.tape.pick(['exists', 'not exists']))
    return UnaryOperationNode.create(operator, this.#selects.rows(Math.max(depth, 0), [source]))
  }

  #ids(depth: number): OperationNode {
    const source = this.#selects.source(Math.max(depth, 0))
    const selections = [named(column(source, 'id'), 'id')]
    const select: SelectQueryNode = { ...SelectQueryNode.createFrom([source.node]), selections }
    return select
  }
}
