/** The calendar of the databases: years 1 to 9999, proleptic Gregorian. */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false
  return day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** A fraction of a second without the zeros that say nothing: `.5` for `.500000`, nothing for `.000`. */
export function trimFraction(digits: string | undefined): string {
  const kept = (digits ?? '').replace(/0+$/, '')
  return kept === '' ? '' : `.${kept}`
}

/** Cuts zeros at the end of a stored time: MySQL always gives six places. */
export function trimStored(raw: string): string {
  return raw.includes('.') ? raw.replace(/\.?0+$/, '') : raw
}
