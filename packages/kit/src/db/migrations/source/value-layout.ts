import { Field, type Generated, type Json } from '../../fields/index.ts'
import { isFieldReference, isQ } from '../../models/index.ts'
import { type FieldSignature, fieldSignature } from '../detection/field-signature.ts'
import type { Argument, Operation } from '../operations/index.ts'
import { array, call, type Layout, object, pair } from './layout.ts'

/** An operation as the call that makes it. @throws {TypeError} if it has functions, which cannot be written down */
export function operationLayout(operation: Operation): Layout {
  if (!operation.args) throw new TypeError(`Cannot write ${operation.name}(): its arguments are functions`)
  return call(operation.name, operation.args.map(argumentLayout))
}

/** The functions that an operation's text calls. */
export function calledNames(operation: Operation): string[] {
  return [operation.name, ...(operation.args ?? []).flatMap(fieldNames)]
}

function fieldNames(argument: Argument): string[] {
  if (argument instanceof Field) return [argument.kind.name]
  if (typeof argument !== 'object' || argument === null) return []
  if (isQ(argument)) return ['q', ...argument.parts.flatMap((part) => fieldNames(part as Argument))] // as: see argumentLayout
  if (isFieldReference(argument)) return ['f']
  return Object.values(argument).flatMap(fieldNames)
}

export function argumentLayout(argument: Argument): Layout {
  if (argument instanceof Field) return fieldLayout(fieldSignature(argument))
  if (typeof argument === 'string') return stringText(argument)
  if (typeof argument !== 'object' || argument === null) return String(argument).replace('e+', 'e')
  // as: a condition is made of filters and conditions, and filters of values that migrations can write
  if (isQ(argument))
    return call(
      `q.${argument.kind}`,
      argument.parts.map((part) => argumentLayout(part as Argument)),
    )
  if (isFieldReference(argument)) return call('f', [stringText(argument.f)])
  if (isList(argument)) return array(argument.map(argumentLayout))
  const entries = Object.entries(argument)
  const holdsFields = entries.some(([, value]) => value instanceof Field)
  const isModel = entries.some(([key]) => key === 'scope')
  return object(
    entries.map(([key, value]) => pair(keyText(key), argumentLayout(value))),
    holdsFields || isModel,
  )
}

function fieldLayout(signature: FieldSignature): Layout {
  const { kind, positional, params, isUnique, isNullable, constantDefault, generated } = signature
  const options = { ...params, ...(isUnique ? { unique: true } : {}) }
  const args = [...positional, ...(Object.keys(options).length === 0 ? [] : [options])]
  const chain = [
    // What the database computes may be null by itself.
    ...(isNullable && !generated ? [call('optional', [])] : []),
    ...(constantDefault === undefined ? [] : [call('default', [defaultLayout(signature, constantDefault)])]),
    ...(generated ? [call('generated', generatedArguments(generated).map(argumentLayout))] : []),
  ]
  return call(kind, args.map(argumentLayout), chain)
}

/** The id of a row that a key leads to is a bigint where such are the ids; it has no other form in the types. */
function defaultLayout({ kind, params }: FieldSignature, value: Json): Layout {
  return kind === 'foreignKey' && params.id === 'bigint' ? `${value}n` : argumentLayout(value)
}

const generatedArguments = ({ as, isStored }: Generated): Argument[] => (isStored ? [as] : [as, { stored: false }])

/** `Array.isArray` does not narrow readonly arrays. */
function isList(argument: object): argument is readonly Argument[] {
  return Array.isArray(argument)
}

const keyText = (key: string): string => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : stringText(key))

/** A string in single quotes, or in double ones where that saves escapes. */
export function stringText(text: string): string {
  const body = JSON.stringify(text).slice(1, -1)
  const singles = text.split("'").length - 1
  const doubles = text.split('"').length - 1
  if (singles > doubles) return `"${body}"`
  return `'${body.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
