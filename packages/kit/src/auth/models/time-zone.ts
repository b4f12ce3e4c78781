const NO_ZONE = 'Enter the name of a time zone, such as Europe/Berlin.'

/** What is wrong with the name of a time zone; null if there is such a zone. Offsets such as `+03:00` are no zones. */
export function timeZoneProblem(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return NO_ZONE
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return null
  } catch {
    return NO_ZONE // RangeError: there is none
  }
}
