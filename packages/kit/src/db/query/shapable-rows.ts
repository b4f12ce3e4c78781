import type { RowObject } from '../codec/index.ts'
import { type ColumnName, columnNamed, type ModelShape, type Row } from '../models/index.ts'
import type { Aggregates, Checked, Outcomes, PathRow, PathTuple, PathValue } from './aggregate-types.ts'
import type { LoadedRow, Path, ValuePath } from './filter-types.ts'
import type { QuerySource } from './query-source.ts'
import { readShape } from './read-shape.ts'
import type { ShapeSpec } from './shape-spec.ts'
import { annotatedShape, groupedShape, valuesShape } from './shape-steps.ts'
import { type RowOrder, ShapedQuery, type Shaping } from './shaped-query.ts'
import { WritableRows } from './writable-rows.ts'

/** What a query gives other than whole rows: chosen values, values worked out of related rows, groups. */
export abstract class ShapableRows<M extends ModelShape, Loaded extends string> extends WritableRows<M> {
  /** Only these columns of each row. */
  select<const Name extends ColumnName<M>>(
    ...names: readonly [Name, ...Name[]]
  ): ShapedQuery<M, Pick<Row<M>, Name & keyof Row<M>>, Path<M>> {
    const columns: readonly string[] = names
    for (const name of columns) columnNamed(this.source.model, name)
    return shaped(this.source, valuesShape(this.source, columns))
  }

  /** The values at these paths, each under its path: `values('name', 'owner__email', 'created_at__year')`. */
  values<const Name extends ValuePath<M>>(
    ...paths: readonly [Name, ...Name[]]
  ): ShapedQuery<M, PathRow<M, Name>, Path<M> | Name> {
    return shaped(this.source, valuesShape(this.source, paths))
  }

  /** The values at these paths, as lists in their order. */
  valuesList<const Paths extends readonly [ValuePath<M>, ...ValuePath<M>[]]>(
    ...paths: Paths
  ): ShapedQuery<M, PathTuple<M, Paths>, Path<M> | Paths[number]> {
    const names: readonly string[] = paths
    const list = (row: RowObject): unknown => names.map((name) => row[name])
    return new ShapedQuery(this.source, valuesShape(this.source, names), list as Shaping<PathTuple<M, Paths>>) // as: by the model's types
  }

  /** The values at one path. */
  pluck<const Name extends ValuePath<M>>(path: Name): ShapedQuery<M, PathValue<M, Name>, Path<M> | Name> {
    const name: string = path
    const value = (row: RowObject): unknown => row[name]
    return new ShapedQuery(this.source, valuesShape(this.source, [name]), value as Shaping<PathValue<M, Name>>) // as: by the model's types
  }

  /**
   * Whole rows, each with values of the rows that are related to it: `annotate({ orders: count('orders') })`. Several
   * relations do not multiply each other.
   */
  annotate<const A extends Aggregates>(
    annotations: A & Checked<M, A, true>,
  ): ShapedQuery<M, LoadedRow<M, Loaded> & Outcomes<M, A>, RowOrder<M, A>, Outcomes<M, A>> {
    return shaped(this.source, annotatedShape(this.source, annotations))
  }

  /**
   * Puts the rows that have the same values at these paths together: `groupBy('status').annotate({ n: count() })`. A path
   * may end with a part of a date or a time, in UTC: `groupBy('created_at__year', 'created_at__month')`.
   */
  groupBy<const Name extends ValuePath<M>>(...paths: readonly [Name, ...Name[]]): Groups<M, Name> {
    const source = this.source
    return {
      annotate: (annotations) => shaped(source, groupedShape(source, paths, annotations)),
    }
  }

  /** Values of all rows of this query: `aggregate({ total: sum('credit'), n: count() })`. */
  async aggregate<const A extends Aggregates>(aggregates: A & Checked<M, A>): Promise<Outcomes<M, A>> {
    const [row]: unknown[] = await readShape(this.source.ctx, groupedShape(this.source, [], aggregates))
    return row as Outcomes<M, A> // as: one row with the values asked for
  }
}

/** What can be worked out of groups of rows. */
export interface Groups<M extends ModelShape, Name extends string> {
  annotate<const A extends Aggregates>(
    annotations: A & Checked<M, A>,
  ): ShapedQuery<M, PathRow<M, Name> & Outcomes<M, A>, Name | (keyof A & string), Outcomes<M, A>>
}

function shaped<M extends ModelShape, Out, Names extends string, Worked>(
  source: QuerySource,
  spec: ShapeSpec,
): ShapedQuery<M, Out, Names, Worked> {
  return new ShapedQuery(source, spec, (row) => row as Out) // as: the model's types say what the shape gives
}
