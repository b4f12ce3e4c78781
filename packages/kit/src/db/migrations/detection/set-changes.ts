import {
  type Check,
  conditionKey,
  fieldsOfCondition,
  type Index,
  indexArgument,
  readCondition,
  type UniqueSet,
  uniqueArgument,
} from '../../models/index.ts'
import {
  addCheck,
  addIndex,
  addUnique,
  alterCheck,
  type Operation,
  removeCheck,
  removeIndex,
  removeUnique,
  renameIndex,
  uniqueKey,
} from '../operations/index.ts'
import { declaredUnique } from '../remake-model.ts'
import { type ModelPair, replacedFields } from './field-changes.ts'
import { fact, type PlannedOperation } from './planned-operation.ts'

export interface SetChanges {
  readonly removals: readonly PlannedOperation[]
  readonly additions: readonly PlannedOperation[]
}

/** The operations that give a model the indexes, unique sets and checks that it declares. */
export function setChanges(pair: ModelPair): SetChanges {
  const { from, to } = pair
  const indexes = compared(pair, { from: from.indexes, to: to.indexes, keyOf: indexKey, namesOf: indexNames })
  const renamed = renamedIndexes(indexes)
  const unique = compared(pair, {
    from: declaredUnique(from),
    to: declaredUnique(to),
    keyOf: uniqueKey,
    namesOf: uniqueNames,
  })
  const checks = compared(pair, { from: from.checks, to: to.checks, keyOf: checkKey, namesOf: checkNames })
  const isAltered = ({ name }: Check): boolean => checks.removed.some((other) => other.name === name)
  const isKept = ({ name }: Check): boolean => checks.added.some((other) => other.name === name)
  const plan = (operation: Operation, names: readonly string[]): PlannedOperation => ({
    app: to.app,
    operation,
    provides: [],
    needs: names.map((name) => fact.field(to, name)),
  })
  return {
    removals: [
      ...checks.removed.filter((check) => !isKept(check)).map(({ name }) => plan(removeCheck(to.name, name), [])),
      ...unique.removed.map((set) => plan(removeUnique(to.name, uniqueArgument(set)), [])),
      ...renamed.removed.map((index) => plan(removeIndex(to.name, indexArgument(index)), [])),
      ...renamed.renamed.map(([before, { name }]) => plan(renameIndex(to.name, indexArgument(before), name), [])),
    ],
    additions: [
      ...renamed.added.map((index) => plan(addIndex(to.name, indexArgument(index)), indexNames(pair, index))),
      ...unique.added.map((set) => plan(addUnique(to.name, uniqueArgument(set)), uniqueNames(pair, set))),
      ...checks.added.map((check) => {
        const make = isAltered(check) ? alterCheck : addCheck
        return plan(make(to.name, check.name, check.where), checkNames(pair, check))
      }),
    ],
  }
}

interface Sets<Set> {
  readonly from: readonly Set[]
  readonly to: readonly Set[]
  readonly keyOf: (set: Set) => string
  /** The fields that it is about. */
  readonly namesOf: (pair: ModelPair, set: Set) => readonly string[]
}

interface Compared<Set> {
  readonly removed: readonly Set[]
  readonly added: readonly Set[]
}

/** A set with a field that is replaced goes with it, and comes anew. */
function compared<Set>(pair: ModelPair, { from, to, keyOf, namesOf }: Sets<Set>): Compared<Set> {
  const replaced = replacedFields(pair)
  const isReplaced = (set: Set): boolean => namesOf(pair, set).some((name) => replaced.includes(name))
  const isIn = (sets: readonly Set[], set: Set): boolean => sets.some((other) => keyOf(other) === keyOf(set))
  return {
    removed: from.filter((set) => isReplaced(set) || !isIn(to, set)),
    added: to.filter((set) => isReplaced(set) || !isIn(from, set)),
  }
}

interface RenamedIndexes extends Compared<Index> {
  readonly renamed: readonly (readonly [Index, Index])[]
}

/** An index that differs in nothing but its name keeps what it holds. */
function renamedIndexes({ removed, added }: Compared<Index>): RenamedIndexes {
  const nameless = (index: Index): string => indexKey({ ...index, name: null })
  const renamed = added.flatMap((after): (readonly [Index, Index])[] => {
    const before = removed.find((index) => nameless(index) === nameless(after) && index.name !== after.name)
    return before ? [[before, after]] : []
  })
  return {
    renamed,
    removed: removed.filter((index) => !renamed.some(([before]) => before === index)),
    added: added.filter((index) => !renamed.some(([, after]) => after === index)),
  }
}

const indexKey = (index: Index): string =>
  JSON.stringify({ ...index, where: index.where === null ? null : conditionKey(index.where) })

const checkKey = ({ name, where }: Check): string => JSON.stringify([name, conditionKey(where)])

const bare = (names: readonly string[]): string[] => names.map((name) => name.replace(/^-/, ''))

function indexNames(pair: ModelPair, { fields, include, where, expression }: Index): string[] {
  const inExpression = expression === null ? [] : (JSON.stringify(expression).match(/\w+/g) ?? [])
  return [...bare(fields), ...include, ...conditionNames(pair, where), ...inExpression]
}

const uniqueNames = (pair: ModelPair, { fields, where }: UniqueSet): string[] => [
  ...fields,
  ...conditionNames(pair, where),
]

const checkNames = (pair: ModelPair, { where }: Check): string[] => conditionNames(pair, where)

function conditionNames({ from, to }: ModelPair, where: Index['where']): string[] {
  if (where === null) return []
  // A set that goes is about fields of before, one that comes about fields of after.
  const columns = new Map([...from.columns, ...to.columns])
  return fieldsOfCondition(readCondition(where, { subject: to.label, columns }))
}
