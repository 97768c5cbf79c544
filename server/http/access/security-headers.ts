/** Security headers for every response: same-origin CSP, no framing, no cross-origin embedding. */
export const SAFE_HEADERS = {
  'content-security-policy':
    // Safari applies 'self' in connect-src to http only, so ws: and wss: are listed.
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}
