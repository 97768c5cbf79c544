const KEY = 'oneport.token'

/**
 * The token comes once, in the fragment of the URL (which no server sees and no log keeps), and stays for this tab only.
 * It is taken out of the URL, so that it is not shared with a copied address.
 */
export function takeToken(location: Location, history: History, storage: Storage): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('token')
  if (token !== null) {
    storage.setItem(KEY, token)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return storage.getItem(KEY)
}

/** A token typed after the address of an open page changes the fragment alone: the page begins anew with it. */
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
