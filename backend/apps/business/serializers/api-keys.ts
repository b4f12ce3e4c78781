import { networksField, ROLES, scopesField } from '@bailiwick/kit/auth'
import { choice, datetime, integer, text, uuid } from '@bailiwick/kit/db'
import { serializer } from '@bailiwick/kit/rest'
import { ApiKey } from '../models.ts'

/** A key as it is shown ever after: without the key itself. */
export const ApiKeySerializer = serializer(ApiKey, {
  fields: [
    'id',
    'name',
    'prefix',
    'role',
    'scopes',
    'allowed_addresses',
    'expires_at',
    'revoked_at',
    'last_used_at',
    'last_used_ip',
    'previous_expires_at',
    'created_at',
    'created_by',
  ],
  readOnly: ['prefix', 'role', 'revoked_at', 'last_used_at', 'last_used_ip', 'previous_expires_at'],
})

export const NewApiKeySerializer = serializer('NewApiKey', {
  fields: {
    name: text({ max: 100, help: 'What the key is for.' }),
    role: choice(ROLES, { help: 'What it may do at most: no more than you.' }),
    scopes: scopesField(),
    allowed_addresses: networksField().default(() => []),
    expires_at: datetime({ help: 'Left out or null: it does not end.' }).optional(),
  },
})

export const RotationSerializer = serializer('ApiKeyRotation', {
  fields: {
    overlap_hours: integer({ min: 0, max: 168, help: 'How long the key before is taken as well.' }).default(24),
  },
})

/** A key that was just made. */
export const ShownApiKeySerializer = serializer('ShownApiKey', {
  fields: {
    id: uuid(),
    name: text(),
    prefix: text(),
    role: choice(ROLES),
    scopes: scopesField(),
    allowed_addresses: networksField(),
    expires_at: datetime().optional(),
    previous_expires_at: datetime({ help: 'Until when the key before is taken as well.' }).optional(),
    created_at: datetime(),
    key: text({ help: 'The key itself. It is never shown again.' }),
  },
})
