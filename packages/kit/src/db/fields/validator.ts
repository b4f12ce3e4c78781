import type { AnyFieldKind } from './field-kind.ts'
import { Problem } from './problem.ts'

/** A check of one's own: says what is wrong with a value, or nothing. It gets the value as a row would hold it. */
export type Validator<Value = never> = (value: Value) => string | readonly string[] | null | undefined

interface Checked {
  readonly kind: AnyFieldKind
  readonly settings: { readonly validators?: readonly Validator[] }
}

/** A value in the form of its kind, or what the kind or a validator of the field's own says is wrong with it. */
export function checkedValue({ kind, settings }: Checked, input: unknown): unknown {
  const parsed: unknown = kind.parse(input)
  const { validators } = settings
  if (validators === undefined || parsed instanceof Problem) return parsed
  // What a row would hold: SQLite's form is as good as any for the way there and back.
  const raw = kind.encode(parsed, 'sqlite')
  const value: unknown = raw === null ? null : kind.decode(raw, 'sqlite')
  // as: the field's function has typed its validators by this value
  const messages = validators.flatMap((validate) => messagesOf(validate(value as never), kind.name))
  return messages.length === 0 ? parsed : new Problem(...messages)
}

function messagesOf(said: unknown, kind: string): readonly string[] {
  if (said === undefined || said === null) return []
  const messages: readonly unknown[] = Array.isArray(said) ? said : [said]
  const texts = messages.filter((message) => typeof message === 'string')
  if (texts.length === messages.length) return texts
  throw new TypeError(`A validator of ${kind}() must give a message, messages or nothing, and at once: it gave ${said}`)
}
