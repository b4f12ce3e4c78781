/** Whom a password is for. */
export interface PasswordOwner {
  readonly email: string
  readonly name?: string
}

const FEWEST_CHARACTERS = 8

/** The first that anybody tries who has only a few tries. */
const COMMON = new Set(
  `password password1 password12 password123 passw0rd p@ssw0rd p@ssword pass1234 qwertyui qwertyuiop qwerty123 qwerty12
  1q2w3e4r 1q2w3e4r5t 1qaz2wsx zaq12wsx q1w2e3r4 asdfghjk asdfghjkl zxcvbnm1 abcd1234 abc12345 abc123456 a1b2c3d4
  iloveyou iloveyou1 sunshine princess football baseball basketball superman batman123 trustno1 letmein1 letmein123
  welcome1 welcome123 welcome12 admin123 admin1234 administrator changeme changeme1 changeme123 default1 secret123
  test1234 testtest testing1 user1234 master123 monkey123 dragon123 shadow123 michael1 jennifer computer internet
  whatever starwars freedom1 charlie1 qazwsxedc michelle jessica1 liverpool chelsea1 arsenal1 asdf1234 aaaaaaaa
  abcdefgh abcdefg1 google123 samsung1 mustang1 corvette mercedes ferrari1 cocacola pokemon1 minecraft summer2024
  summer2025 summer2026 winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025`.split(/\s+/),
)

/**
 * What is wrong with a new password, in Django's words for the one who chose it; nothing, if it will do. All that is
 * wrong is told at once.
 */
export function passwordProblems(password: string, owner: PasswordOwner): string[] {
  const problems: string[] = []
  if ([...password].length < FEWEST_CHARACTERS) {
    problems.push(`This password is too short. It must contain at least ${FEWEST_CHARACTERS} characters.`)
  }
  const alike = likeness(password, owner)
  if (alike) problems.push(`The password is too similar to the ${alike}.`)
  if (COMMON.has(password.toLowerCase())) problems.push('This password is too common.')
  if (/^\d+$/.test(password)) problems.push('This password is entirely numeric.')
  return problems
}

/** What of its owner a password is mostly made of. */
function likeness(password: string, { email, name = '' }: PasswordOwner): 'email' | 'name' | null {
  const isIn = (word: string): boolean => word.length >= 4 && isMostly(password.toLowerCase(), word)
  const [local = '', domain = ''] = email.toLowerCase().split('@')
  if ([email.toLowerCase(), local, domain, domain.split('.')[0] ?? ''].some(isIn)) return 'email'
  return [name.toLowerCase(), ...name.toLowerCase().split(/\s+/)].some(isIn) ? 'name' : null
}

/** Whether one holds the other, with little beside it. */
function isMostly(password: string, word: string): boolean {
  if (word.includes(password)) return password.length >= 4
  return password.includes(word) && word.length / password.length >= 0.6
}
