const KEY = 'oneport.single-keys'

/** Whether the shortcuts of one character are on; kept in this browser. */
class SingleKeys {
  #on = $state(stored())

  get on(): boolean {
    return this.#on
  }

  set(on: boolean): void {
    this.#on = on
    try {
      localStorage.setItem(KEY, on ? 'on' : 'off')
    } catch {
      // A browser that keeps nothing forgets the choice with the page.
    }
  }
}

function stored(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export const singleKeys = new SingleKeys()
