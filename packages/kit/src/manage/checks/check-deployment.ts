import type { Settings } from '../../settings/index.ts'
import type { CheckMessage } from './check-message.ts'

interface DeploymentCheck {
  readonly id: string
  readonly object: string
  readonly isUnfit: (settings: Settings) => boolean
  readonly text: string
  readonly hint: string
}

const LOCAL = new Set(['localhost', '127.0.0.1', '::1'])

// Without DEBUG, missing or weak secrets and an empty ALLOWED_HOSTS stop the start: there is nothing to warn of.
const CHECKS: readonly DeploymentCheck[] = [
  {
    id: 'security.W018',
    object: 'DEBUG',
    isUnfit: ({ debug }) => debug,
    text: 'You should not have DEBUG set to True in deployment.',
    hint: 'Weak secrets pass with it, HSTS is off, and the demo can be loaded.',
  },
  {
    id: 'security.W020',
    object: 'ALLOWED_HOSTS',
    isUnfit: ({ http }) => http.allowedHosts.includes('*'),
    text: 'ALLOWED_HOSTS should not be * in deployment.',
    hint: 'Name the hosts that you serve.',
  },
  {
    id: 'security.W901',
    object: 'CORS_ALLOW_ALL_ORIGINS',
    isUnfit: ({ http }) => http.cors.allowAllOrigins,
    text: 'Pages of every origin may call the API.',
    hint: 'Name the origins of your own pages in CORS_ALLOWED_ORIGINS.',
  },
  {
    id: 'caches.W901',
    object: 'REDIS_URL',
    isUnfit: ({ redisUrl }) => redisUrl === null,
    text: 'REDIS_URL is not set: each process keeps a cache of its own.',
    hint: 'With more than one process, set it.',
  },
  {
    id: 'mail.W901',
    object: 'EMAIL_BACKEND',
    isUnfit: ({ email }) => email.backend !== 'smtp' || email.host === '',
    text: 'E-mails are not sent: EMAIL_BACKEND is not smtp, or EMAIL_HOST is not set.',
    hint: 'Name the SMTP server that sends your mail in EMAIL_HOST. On the standard output or in files, links that sign people in lie open.',
  },
  {
    id: 'mail.W902',
    object: 'DEFAULT_FROM_EMAIL',
    isUnfit: ({ email }) => email.backend === 'smtp' && email.from.includes('@localhost'),
    text: 'E-mails are from an address at localhost, which most servers refuse.',
    hint: 'Set DEFAULT_FROM_EMAIL to an address of your own domain.',
  },
  {
    id: 'mail.W903',
    object: 'EMAIL_USE_TLS',
    isUnfit: ({ email }) => email.backend === 'smtp' && !email.useTls && !email.useSsl && !LOCAL.has(email.host),
    text: 'E-mails, and the password of the SMTP user, cross the network in clear.',
    hint: 'Set EMAIL_USE_TLS (usually with EMAIL_PORT=587) or EMAIL_USE_SSL (465).',
  },
]

/** What of the settings is unfit for production. */
export function deploymentMessages(settings: Settings): CheckMessage[] {
  return CHECKS.filter(({ isUnfit }) => isUnfit(settings)).map(({ isUnfit: _, ...told }) => ({
    level: 'WARNING',
    ...told,
  }))
}
