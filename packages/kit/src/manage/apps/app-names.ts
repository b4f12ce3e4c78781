/** The names of a new app and of the model that it begins with. */
export interface AppNames {
  /** `inventory` */
  readonly app: string
  /** `inventoryRouter` */
  readonly router: string
  /** `Item` */
  readonly model: string
  /** `item`, as people read it. */
  readonly one: string
  /** `items`, the last word of its address. */
  readonly many: string
}

/** An app named after many things keeps one model of them: `products` has `Product`. Any other begins with `Item`. */
export function namesOf(app: string): AppNames {
  const singular = singularOf(app)
  const one = singular ?? 'item'
  const many = singular === null ? 'items' : app
  return { app, router: routerName(app), model: pascal(one), one: one.replaceAll('_', ' '), many }
}

/** The name under which an app's `urls.ts` exports its router. */
export function routerName(app: string): string {
  const words = pascal(app)
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}Router`
}

function singularOf(word: string): string | null {
  if (!/[a-z]s$/.test(word) || /(ss|us|is)$/.test(word)) return null
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return /(ch|sh|x|z|ss)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1)
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
