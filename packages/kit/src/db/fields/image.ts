import { fieldOf } from './field.ts'
import { type FileField, type FileOptions, fileKind } from './file.ts'

/** What browsers show. SVG is left out: it may hold scripts. */
const SHOWN = ['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif']

/** A reference to a stored image: as `file`, with an extension of an image that browsers show. */
export function image(options: FileOptions = {}): FileField {
  return fieldOf(fileKind({ ...options, name: 'image', example: 'images/0001', usualExtensions: SHOWN }), options)
}
