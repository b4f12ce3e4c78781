import type { BuiltServer } from '../../manage/index.ts'

/** Puts the clock of what is written into our hands, so that worlds write the same times. Tokens go by the true one. */
export function settableClock({ store }: BuiltServer): (nowMs: number) => void {
  let current = Date.now()
  Object.defineProperty(store, 'clock', { value: { now: () => current } })
  return (nowMs) => {
    current = nowMs
  }
}
