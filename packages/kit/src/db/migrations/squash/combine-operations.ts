import { Field } from '../../fields/index.ts'
import {
  type AlterFieldOptions,
  type Argument,
  addCheck,
  addField,
  alterField,
  createModelAs,
  type Operation,
  removeField,
  renameField,
  renameModel,
} from '../operations/index.ts'
import type { ProjectState } from '../project-state.ts'

export interface CombineContext {
  readonly app: string
  /** The models before the first of the two. */
  readonly before: ProjectState
}

/** What does as much as one operation and then another, in fewer; null if they cannot be made one. */
export function combined(first: Operation, second: Operation, context: CombineContext): Operation[] | null {
  if (first.name === 'createModel') return intoCreation(first, second, context)
  if (second.name === 'deleteModel') return first.model === second.args?.[0] ? [second] : null
  if (first.name === 'renameModel' && second.name === 'renameModel') return renamedTwice(first, second)
  if (first.model === undefined || first.model !== second.model) return null
  return COMBINATIONS[`${first.name} ${second.name}`]?.(partsOf(first), partsOf(second), second) ?? null
}

/** A new model is made as it is after the second operation. */
function intoCreation(first: Operation, second: Operation, { app, before }: CombineContext): Operation[] | null {
  const name = String(first.args?.[0])
  const isRenamed = second.name === 'renameModel' && second.args?.[0] === name
  if (second.name === 'deleteModel' && second.args?.[0] === name) return []
  if (second.model !== name && !isRenamed) return null
  const after = second.stateForwards(first.stateForwards(before, app), app)
  return [createModelAs(after.get(`${app}.${isRenamed ? String(second.args?.[1]) : name}`))]
}

function renamedTwice(first: Operation, second: Operation): Operation[] | null {
  const [from, middle] = (first.args ?? []).map(String)
  const [start, to] = (second.args ?? []).map(String)
  if (middle !== start || from === undefined || to === undefined) return null
  return from === to ? [] : [renameModel(from, to)]
}

interface Parts {
  readonly model: string
  readonly args: readonly Argument[]
  /** The field, the check or the key that it is about. */
  readonly about: string
}

function partsOf({ model = '', args }: Operation): Parts {
  return { model, args: args ?? [], about: keyOfArgument(args?.[1]) }
}

const keyOfArgument = (argument: Argument | undefined): string =>
  typeof argument === 'string' ? argument : JSON.stringify(argument)

type Combination = (first: Parts, second: Parts, operation: Operation) => Operation[] | null

const annihilate: Combination = (first, second) => (first.about === second.about ? [] : null)
const keepSecond: Combination = (first, second, operation) => (first.about === second.about ? [operation] : null)

/** By the names of the two operations, on one model. */
const COMBINATIONS: Readonly<Record<string, Combination>> = {
  'addField removeField': annihilate,
  'addIndex removeIndex': annihilate,
  'addUnique removeUnique': annihilate,
  'addCheck removeCheck': annihilate,
  'alterField removeField': keepSecond,
  'alterCheck removeCheck': keepSecond,
  'alterCheck alterCheck': keepSecond,
  'alterModelTable alterModelTable': (_first, _second, operation) => [operation],
  'addField alterField': (first, second) =>
    withField(first, second, (field, { fill }) => [
      addField(first.model, first.about, field, fill === undefined ? {} : { fill }),
    ]),
  'alterField alterField': (first, second) =>
    withField(first, second, (field, options) => [alterField(first.model, first.about, field, options)]),
  'addField renameField': (first, { about, args }) => {
    const [, , field, fill] = first.args
    if (first.about !== about || !(field instanceof Field)) return null
    return [addField(first.model, String(args[2]), field, optionsOf(fill))]
  },
  'renameField renameField': (first, second) => {
    const [from, to] = [first.about, String(second.args[2])]
    if (first.args[2] !== second.about) return null
    return from === to ? [] : [renameField(first.model, from, to)]
  },
  'renameField removeField': (first, second, { isConfirmed = false }) =>
    first.args[2] === second.about ? [removeField(first.model, first.about, { confirmed: isConfirmed })] : null,
  'addCheck alterCheck': (first, second, { isConfirmed = false }) => {
    // as: the condition that addCheck() itself has put among the arguments
    const where = second.args[2] as Parameters<typeof addCheck>[2]
    return first.about === second.about ? [addCheck(first.model, first.about, where, { confirmed: isConfirmed })] : null
  },
}

/** The second operation's field in the place of the first's, with what either says of the rows, the second before the first. */
function withField(
  first: Parts,
  second: Parts,
  make: (field: Field, options: AlterFieldOptions) => Operation[],
): Operation[] | null {
  const [, , field, options] = second.args
  if (first.about !== second.about || !(field instanceof Field)) return null
  return make(field, { ...optionsOf(first.args[3]), ...optionsOf(options) })
}

/** as: the operations have put their options there themselves. */
const optionsOf = (argument: Argument | undefined): AlterFieldOptions => (argument ?? {}) as AlterFieldOptions
