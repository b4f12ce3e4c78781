import type { Field, FieldTypes } from '../fields/index.ts'
import type { FieldExpression, ModelShape, Update } from '../models/index.ts'
import type { Filterable } from './filter-types.ts'

type TypesOf<F> = F extends Field<infer Types extends FieldTypes> ? Types : never

/** Whether a field is a number: one takes JavaScript numbers and has an order. */
export type IsNumber<F> = 'gt' extends TypesOf<F>['lookup']
  ? number extends TypesOf<F>['input']
    ? unknown extends TypesOf<F>['input']
      ? false
      : true
    : false
  : false

/** The fields of a model that are numbers. */
export type NumberName<M extends ModelShape> = {
  [Name in keyof Filterable<M> & string]: IsNumber<Filterable<M>[Name]> extends true ? Name : never
}[keyof Filterable<M> & string]

type AlikeName<M extends ModelShape, Name extends keyof M['fields']> = {
  [Other in keyof M['fields'] & string]: [TypesOf<M['fields'][Other]>['value']] extends [
    TypesOf<M['fields'][Name]>['input'],
  ]
    ? Other
    : never
}[keyof M['fields'] & string]

type Expression<M extends ModelShape, Name extends keyof M['fields']> =
  | FieldExpression<AlikeName<M, Name>, false>
  | (IsNumber<M['fields'][Name]> extends true ? FieldExpression<NumberName<M>, boolean> : never)

/** What `update` takes: values, or expressions of `f` that the database works out. */
export type Changes<M extends ModelShape> = {
  readonly [Name in keyof Update<M>]?: Update<M>[Name] | (Name extends keyof M['fields'] ? Expression<M, Name> : never)
}
