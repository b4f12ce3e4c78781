const SECOND = 1_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR

/** As Django: days with a sign of their own, then a time with an optional sign. `15:30` is minutes and seconds. */
const STANDARD =
  /^(?:(-?\d{1,9}) (?:days?,? )?)?(-?)(?:(\d{1,12}):(?=\d+:\d))?(?:(\d{1,14}):)?(\d{1,16})(?:[.,](\d{1,6}))?$/
const ISO =
  /^([-+]?)P(?=\d|T\d)(?:(\d+(?:[.,]\d+)?)D)?(?:T(?=\d)(?:(\d+(?:[.,]\d+)?)H)?(?:(\d+(?:[.,]\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/

/** The microseconds of a duration written in Django's form or in ISO 8601, or null if it is neither. */
export function readDuration(text: string): bigint | null {
  // A text of digits without end would take long to become a number.
  if (text.length > 60) return null
  return readStandard(text) ?? readIso(text)
}

/**
 * A length of time in the form of DRF: `1 02:03:04.500000`. Less than nothing is days below nothing and a time above it,
 * as Python has it: a second less than nothing is `-1 23:59:59`.
 */
export function durationText(microseconds: bigint | number | string): string {
  const total = BigInt(microseconds)
  const time = ((total % DAY) + DAY) % DAY
  const days = (total - time) / DAY
  const clock = [time / HOUR, (time / MINUTE) % 60n, (time / SECOND) % 60n].map((part) => padded(part, 2)).join(':')
  const fraction = time % SECOND
  return `${days === 0n ? '' : `${days} `}${clock}${fraction === 0n ? '' : `.${padded(fraction, 6)}`}`
}

const padded = (part: bigint, width: number): string => String(part).padStart(width, '0')

function readStandard(text: string): bigint | null {
  const parts = STANDARD.exec(text)
  if (!parts) return null
  const [, days = '0', sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts
  const clock =
    BigInt(hours) * HOUR + BigInt(minutes) * MINUTE + BigInt(seconds) * SECOND + BigInt(fraction.padEnd(6, '0'))
  return BigInt(days) * DAY + (sign === '-' ? -clock : clock)
}

function readIso(text: string): bigint | null {
  const parts = ISO.exec(text)
  if (!parts) return null
  const [, sign, days, hours, minutes, seconds] = parts
  let total = 0n
  for (const [count, unit] of [
    [days, DAY] as const,
    [hours, HOUR] as const,
    [minutes, MINUTE] as const,
    [seconds, SECOND] as const,
  ]) {
    const part = timesUnit(count, unit)
    if (part === null) return null
    total += part
  }
  return sign === '-' ? -total : total
}

/** A number with a fraction, times a unit; null if that is no whole number of microseconds. */
function timesUnit(count: string | undefined, unit: bigint): bigint | null {
  const [whole = '0', fraction = ''] = (count ?? '0').split(/[.,]/)
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * unit
  return scaled % scale === 0n ? scaled / scale : null
}
