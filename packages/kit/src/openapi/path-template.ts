/**
 * The path of a route as OpenAPI writes it: `/api/clients/:id/` is `/api/clients/{id}`. The server answers both with the
 * slash at the end and without it; in the document, paths have none, since linters hold such a path for another one.
 */
export const pathTemplate = (path: string): string => path.replace(/:([a-zA-Z_]\w*)/g, '{$1}').replace(/(?<=.)\/$/, '')

/** The named parts of a route's path. */
export const pathParts = (path: string): string[] => [...path.matchAll(/:([a-zA-Z_]\w*)/g)].map(([, name = '']) => name)
