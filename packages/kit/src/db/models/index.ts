export type { Column, ColumnOrigin } from './column.ts'
export { type KeyKind, keyName } from './key-name.ts'
export { ManyToMany, type ManyToManyOptions, manyToMany } from './many-to-many.ts'
export {
  type AnyModel,
  type BusinessModelOptions,
  columnNamed,
  foreignKeys,
  type GlobalModelOptions,
  isModel,
  type Model,
  model,
  type SharedThrough,
} from './model.ts'
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
export { type FilterIn, isQ, type Q, type QKind, q } from './q.ts'
export { createRegistry, type Registry } from './registry.ts'
export type { ManyRelated, OneRelated, RelatedNames, RelatedTo } from './related-names.ts'
export type { Referrer, Relation } from './relation.ts'
export { type Link, withThroughModels } from './through-model.ts'
