/** With every answer: what the page may load is its own, and nothing of ours is another page's. */
export const SAFE_HEADERS = {
  'content-security-policy':
    // Safari takes 'self' in connect-src for http only.
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}
