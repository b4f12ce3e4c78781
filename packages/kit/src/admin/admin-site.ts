import type { AnyModel } from '../db/index.ts'
import type { ModelAdmin } from './model-admin.ts'

/** The models that the admin shows, by the app that they belong to. */
export interface AdminSite {
  readonly registered: readonly ModelAdmin[]
  find(model: AnyModel): ModelAdmin | undefined
  ofApp(app: string): readonly ModelAdmin[]
}

/**
 * Collects the registrations of all apps.
 *
 * @throws {TypeError} if a model is registered twice
 */
export function adminSite(registered: readonly ModelAdmin[]): AdminSite {
  const byModel = new Map<AnyModel, ModelAdmin>()
  for (const modelAdmin of registered) {
    const { model } = modelAdmin
    if (byModel.has(model)) throw new TypeError(`The model ${model.label} is registered with the admin twice`)
    byModel.set(model, modelAdmin)
  }
  return {
    registered,
    find: (model) => byModel.get(model),
    ofApp: (app) => registered.filter(({ model }) => model.app === app),
  }
}
