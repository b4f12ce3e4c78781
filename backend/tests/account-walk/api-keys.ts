import type { Chapter } from './chapter.ts'

export const apiKeys: Chapter = {
  title: 'API keys',
  about: 'Programs call the API with keys of a business; see [API keys](api-keys.md).',
  walk: async ({ site: { walker }, state: { access: token } }) => {
    const { body: made } = await walker.send('POST', '/api/business/api-keys/', {
      title: 'Make an API key',
      status: 201,
      token,
      body: {
        name: 'Nightly import',
        role: 'agent',
        scopes: ['clients:read', 'clients:write'],
        allowed_addresses: ['127.0.0.0/8'],
        expires_at: '2031-01-01T00:00:00Z',
      },
    })
    await walker.send('GET', '/api/clients/clients/?page_size=1', {
      title: 'Call the API with it',
      token: made.data.key,
    })
    await walker.send('GET', '/api/account/me/', {
      title: 'It does nothing for a person',
      status: 403,
      token: made.data.key,
    })
    await walker.send('GET', '/api/business/api-keys/', { title: 'List the API keys', token })
    const path = `/api/business/api-keys/${made.data.id}/`
    await walker.send('GET', path, { title: 'Show an API key', token })
    await walker.send('PATCH', path, {
      title: 'Change an API key',
      token,
      body: { name: 'Nightly export', scopes: ['clients:read'] },
    })
    await walker.send('POST', `${path}rotate/`, {
      title: 'Renew an API key',
      token,
      body: { overlap_hours: 2 },
    })
    await walker.send('DELETE', path, { title: 'Revoke an API key', token })
  },
}
