import { type Store, Stored } from '../ui/stored.ts'

/**
 * Takes the token out of the URL's fragment and keeps it for this tab. The fragment reaches no server and no log, and a copied
 * address must not carry the token along.
 */
export function takeToken(
  location: Location,
  history: History,
  storage: () => Store = () => sessionStorage,
): string | null {
  const stored = new Stored<string>('token', { parse: (text) => text, format: (token) => token, storage })
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    stored.set(token)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return stored.get()
}

/** Reloads the page for a token typed after its address: such a change alters the fragment alone. */
export function reloadForToken(window: Window): void {
  window.addEventListener('hashchange', () => {
    if (new URLSearchParams(window.location.hash.slice(1)).has('token')) window.location.reload()
  })
}

/** Address of `/ws` beside the page. */
export function feedUrl(location: Location, token: string | null): string {
  const url = new URL('ws', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  if (token !== null) url.searchParams.set('token', token)
  return url.href
}
