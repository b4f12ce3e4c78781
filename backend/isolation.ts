/** Values of which the isolation suite cannot know that they matter. */
export const samples = {
  // A key that is revoked, or that has ended, is changed no more.
  'business.ApiKey': { scopes: ['clients:read'], expires_at: null, revoked_at: null },
}
