import type { AnyModel, Registry } from '../../db/index.ts'
import { CommandError } from '../command-error.ts'

/** The models that labels name: `clients` is an app with all of its models, `clients.Client` one of them. @throws {CommandError} */
export function modelsByLabel(registry: Registry, labels: readonly string[]): ReadonlySet<AnyModel> {
  return new Set(labels.flatMap((label) => modelsOfLabel(registry, label)))
}

function modelsOfLabel({ models }: Registry, label: string): readonly AnyModel[] {
  const [app = '', name] = label.split('.')
  const ofApp = models.filter((model) => model.app === app)
  if (ofApp.length === 0) throw new CommandError(`No installed app with label '${app}'.`)
  if (name === undefined) return ofApp
  const model = ofApp.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!model) throw new CommandError(`Unknown model: ${label}`)
  return [model]
}
