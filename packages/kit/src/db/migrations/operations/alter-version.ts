import { remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import type { Operation } from './operation.ts'

export interface VersionOptions {
  readonly isCounted: boolean
}

/** Rows that are there when the counting starts have not been changed yet, as far as anybody knows. */
const FIRST_VERSION = { fills: new Map([['version', 1]]) }

/** Starts or stops counting the changes of each row in `version`. */
export function alterVersion(model: string, { isCounted }: VersionOptions): Operation {
  return altering({
    name: 'alterVersion',
    args: [model, { isCounted }],
    fragment: `${isCounted ? 'add' : 'remove'}_${model.toLowerCase()}_version`,
    model,
    describe: () => `${isCounted ? 'Start' : 'Stop'} counting changes of ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { version: isCounted }),
    forwards: () => (isCounted ? FIRST_VERSION : {}),
    backwards: () => (isCounted ? {} : FIRST_VERSION),
  })
}
