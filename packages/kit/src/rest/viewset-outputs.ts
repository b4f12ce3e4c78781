import { validationError } from '../base/index.ts'
import { Problem, type Store } from '../db/index.ts'
import type { Expandables } from './expandable.ts'
import { choosableNames, expandablesOf } from './expandables-of.ts'
import { ALL_FIELDS, type OutputParameters } from './list-parameters.ts'
import { type ModelOutput, modelOutput } from './model-output.ts'
import { presentedOutput } from './presented-output.ts'
import type { AnySerializer } from './serializer.ts'
import type { StandardAction, ViewSet } from './viewset.ts'

/** The outputs of a viewset, each worked out once. */
export interface ViewSetOutputs {
  readonly expandable: Expandables
  serializerOf(action: StandardAction): AnySerializer
  /** @throws {ApiError} `validation_failed` if `fields` or `expand` names what is not there */
  of(action: StandardAction, parameters: OutputParameters): ModelOutput
}

export function viewSetOutputs(store: Store, set: ViewSet, name: string): ViewSetOutputs {
  const expandable = expandablesOf(store, set)
  const whole = new Map<StandardAction, ModelOutput>()
  const serializerOf = (action: StandardAction): AnySerializer => set.options.serializers?.[action] ?? set.serializer
  return {
    expandable,
    serializerOf,
    of: (action, parameters) => {
      const known = parameters === ALL_FIELDS ? whole.get(action) : undefined
      if (known) return known
      const { fields, expand, showsDeletion } = parameters
      const chosen = serializerOf(action)
      const expanded = expand === null ? [] : namesIn('expand', expand, Object.keys(expandable))
      const choosable = (): string[] => choosableNames(chosen, expandable, expanded)
      const wanted = fields === null ? null : namesIn('fields', fields, choosable())
      const key = `output ${name} ${action} ${wanted?.join() ?? '*'} +${expanded.join()} ${showsDeletion}`
      const shown = wanted === null ? null : new Set([...wanted, ...expanded])
      const { present } = set.options
      const output = store.derived(key, () =>
        present && chosen.model === null
          ? presentedOutput(store, { model: set.model, present, serializer: chosen, fields: shown })
          : modelOutput(store, { serializer: chosen, expandable, expand: expanded, fields: shown, showsDeletion }),
      )
      if (parameters === ALL_FIELDS) whole.set(action, output)
      return output
    },
  }
}

/** The names in a list, each once and in the order of `known`. */
function namesIn(parameter: string, text: string, known: readonly string[]): string[] {
  const names = new Set(text.split(',').map((name) => name.trim()))
  const bad = [...names].find((name) => !known.includes(name))
  if (bad === undefined) return known.filter((name) => names.has(name))
  const { messages } = new Problem(
    known.length === 0
      ? 'Unknown parameter: there is nothing to choose here.'
      : `Select a valid choice. ${bad} is not one of the available choices: ${known.join(', ')}.`,
  )
  throw validationError({ [parameter]: messages })
}
