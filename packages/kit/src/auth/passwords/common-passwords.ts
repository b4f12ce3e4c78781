import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

// Some 30,000: the 20,000 most common that Django refuses, the first 20,000 of zxcvbn-ts, and a few of late years. Under
// what terms they are passed on stands in `common-passwords.LICENSES.txt`.
const LIST = new URL('./common-passwords.txt.gz', import.meta.url)

let common: ReadonlySet<string> | undefined

/** Whether a password, in whatever case, is one of those that are tried first. The list is read when first needed. */
export function isCommonPassword(password: string): boolean {
  common ??= new Set(gunzipSync(readFileSync(LIST)).toString('utf8').trimEnd().split('\n'))
  return common.has(password.normalize('NFC').toLowerCase().trim())
}
