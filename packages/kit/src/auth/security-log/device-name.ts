import Bowser from 'bowser'

/** As much as is kept of one. Whoever sends 16 kB of it must not keep the process busy with reading them. */
const LONGEST_READ = 300

/**
 * What a user agent is called by people: `Firefox on Windows`. Null if it says nothing that is known. Versions are left
 * out, as browsers renew themselves.
 */
export function deviceName(userAgent: string | null): string | null {
  if (userAgent === null || userAgent.trim() === '') return null
  const { browser, os } = Bowser.parse(userAgent.slice(0, LONGEST_READ))
  if (!browser.name) return os.name ?? null
  return os.name ? `${browser.name} on ${os.name}` : browser.name
}
