export { foldedField } from './assert-keys.ts'
export type { Column, ColumnOrigin } from './column.ts'
export {
  type ExpressionNode,
  type ExpressionOperator,
  FieldExpression,
  type FieldReference,
  f,
  isFieldReference,
  type Operand,
} from './field-expression.ts'
export { fieldNameFlaw } from './field-name.ts'
export { fieldsGeneratedFrom } from './generated-fields.ts'
export { type GenericKey, genericKeys, mayPointTo } from './generic-key.ts'
export { type KeyKind, keyName } from './key-name.ts'
export {
  type AnyCheckOptions,
  type AnyIndexOptions,
  type AnyUniqueOptions,
  type CheckOptions,
  type ColumnCondition,
  type ColumnFilter,
  checkOf,
  type IndexOptions,
  indexArgument,
  indexOf,
  type UniqueOptions,
  uniqueArgument,
  uniqueSetOf,
} from './key-options.ts'
export { ManyToMany, type ManyToManyOptions, manyToMany, type SelfManyToManyOptions } from './many-to-many.ts'
export {
  type AnyModel,
  type BusinessModelOptions,
  columnNamed,
  foreignKeys,
  type GlobalModelOptions,
  isModel,
  type Model,
  type MysqlTableOptions,
  model,
  type RowFormat,
  type SharedThrough,
} from './model.ts'
export {
  type Check,
  checkName,
  type Index,
  type IndexExpression,
  type IndexMethod,
  indexName,
  type TypedSql,
  type UniqueSet,
  uniqueKeyName,
} from './model-keys.ts'
export type {
  ColumnName,
  Declared,
  Fields,
  Id,
  Insert,
  Links,
  LinkTarget,
  ModelShape,
  Row,
  Scope,
  Update,
} from './model-types.ts'
export {
  type AnyCondition,
  conditionKey,
  fieldsOfCondition,
  type OwnComparison,
  type OwnCondition,
  type OwnLookup,
  readCondition,
  renamedCondition,
} from './own-condition.ts'
export type { Pointing } from './pointing.ts'
export { type FilterIn, isQ, type Q, type QKind, q } from './q.ts'
export { createRegistry, type Registry } from './registry.ts'
export type { ManyRelated, OneRelated, RelatedNames, RelatedTo } from './related-names.ts'
export type { Referrer, Relation } from './relation.ts'
export { snakeCase } from './snake-case.ts'
export { type Link, withThroughModels } from './through-model.ts'
