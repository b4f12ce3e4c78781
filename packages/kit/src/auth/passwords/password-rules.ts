import { isCommonPassword } from './common-passwords.ts'

/** Whom a password is for. */
export interface PasswordOwner {
  readonly email: string
  readonly name?: string
  /** The names of the businesses that the owner belongs to, or founds. */
  readonly businesses?: readonly string[]
}

const FEWEST_CHARACTERS = 8
const MOST_CHARACTERS = 128
/** From how like something of its owner a password is refused; Django's measure. */
const TOO_SIMILAR = 0.7

/**
 * What is wrong with a new password, in Django's words for the one who chose it; nothing, if it will do. All that is
 * wrong is told at once. Characters are code points in the normal form NFC. Which kinds of them there are is not asked:
 * rules of that sort make passwords that are easier to guess (NIST SP 800-63B, 3.1.1.2).
 *
 * @example
 * const owner = { email: 'asha@acme.test', name: 'Asha Verma', businesses: ['Acme Trading'] }
 * assert.deepEqual(passwordProblems('acme-trading', owner), ['The password is too similar to the business name.'])
 */
export function passwordProblems(password: string, owner: PasswordOwner): string[] {
  const problems: string[] = []
  const length = [...password.normalize('NFC')].length
  if (length < FEWEST_CHARACTERS) {
    problems.push(`This password is too short. It must contain at least ${FEWEST_CHARACTERS} characters.`)
  }
  if (length > MOST_CHARACTERS) {
    return [`This password is too long. It must contain at most ${MOST_CHARACTERS} characters.`]
  }
  const alike = likeness(password, owner)
  if (alike) problems.push(`The password is too similar to the ${alike}.`)
  if (isCommonPassword(password)) problems.push('This password is too common.')
  return problems
}

/** What of its owner a password is like. */
function likeness(password: string, { email, name = '', businesses = [] }: PasswordOwner): string | null {
  const chosen = plain(password)
  const isLike = (value: string): boolean => partsOf(value).some((part) => similarity(chosen, part) >= TOO_SIMILAR)
  if ([email, ...email.split('@')].some(isLike)) return 'email address'
  if (isLike(name)) return 'name'
  return businesses.some(isLike) ? 'business name' : null
}

/** The words of a value, and the whole of it. */
function partsOf(value: string): string[] {
  const whole = plain(value)
  return [...whole.split(/[^\p{L}\p{M}\p{N}_]+/u), whole]
}

function plain(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** The share of characters that two texts have in common, in whatever order: `quick_ratio` of Python's difflib. */
function similarity(one: string, other: string): number {
  const left = new Map<string, number>()
  for (const character of other) left.set(character, (left.get(character) ?? 0) + 1)
  let common = 0
  let length = [...other].length
  for (const character of one) {
    length += 1
    const count = left.get(character) ?? 0
    if (count === 0) continue
    common += 1
    left.set(character, count - 1)
  }
  return length === 0 ? 1 : (2 * common) / length
}
