import { type Store, Stored } from '../ui/stored.ts'

/**
 * Takes the token out of the URL's fragment and keeps it for this tab. A fragment is never sent to a server or
 * logged. The token is removed from the address bar so that a copied address does not contain it.
 */
export function takeToken(
  location: Location,
  history: History,
  storage: () => Store = () => sessionStorage,
): string | null {
  const stored = tokenOf(storage)
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    stored.set(token)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return stored.get()
}

/** Keeps another token for this tab. It is used once the page is loaded again. */
export function keepToken(token: string): void {
  tokenOf(() => sessionStorage).set(token)
}

function tokenOf(storage: () => Store): Stored<string> {
  return new Stored('token', { parse: (text) => text, format: (token) => token, storage })
}

/** Reloads the page if a token is added to its address. Changing the fragment alone would not reload it. */
export function reloadForToken(window: Window): void {
  window.addEventListener('hashchange', () => {
    if (new URLSearchParams(window.location.hash.slice(1)).has('token')) window.location.reload()
  })
}

/** The URL of `/ws`, relative to the page. */
export function feedUrl(location: Location, token: string | null): string {
  const url = new URL('ws', location.href)
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  url.hash = ''
  if (token !== null) url.searchParams.set('token', token)
  return url.href
}
