import { email, Field, Problem, type TextField } from '../../db/index.ts'

/** An address that means the same in any case: it is kept, and looked for, in lower case. */
export function signInEmail({ unique }: { readonly unique: boolean }): TextField {
  const { kind, settings } = email({ unique })
  const parse = (input: unknown): unknown => {
    const parsed: unknown = kind.parse(input)
    return parsed instanceof Problem ? parsed : String(parsed).toLowerCase()
  }
  return new Field({ ...kind, parse, parseText: parse }, settings)
}
