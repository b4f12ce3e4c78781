/** Values of which the isolation suite cannot know that they matter. */
export const samples = {
  // A key that is revoked, or that has ended, is changed no more.
  'business.ApiKey': { scopes: ['clients:read'], expires_at: null, revoked_at: null },
  // One that is closed is neither sent again nor revoked.
  'business.Invitation': { accepted_at: null, revoked_at: null },
  // What would keep the attackers out of their own business.
  BusinessSecurity: { two_factor_roles: [] },
}
