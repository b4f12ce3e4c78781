/** The path of a route as OpenAPI writes it: `/clients/:id/` is `/clients/{id}/`. */
export const pathTemplate = (path: string): string => path.replace(/:([a-zA-Z_]\w*)/g, '{$1}')

/** The named parts of a route's path. */
export const pathParts = (path: string): string[] => [...path.matchAll(/:([a-zA-Z_]\w*)/g)].map(([, name = '']) => name)
