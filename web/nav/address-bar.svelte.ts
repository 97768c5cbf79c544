/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import { type Address, readAddress, writeAddress } from './address.ts'

/** Safari refuses more than 100 writes in 30 seconds. */
const EVERY_MS = 400

/** Where the address is kept. Tests pass their own. */
export interface AddressHost {
  location: { href: string }
  history: Pick<History, 'pushState' | 'replaceState'>
}

/** The page's address: what is shown follows from it, and it follows what a person does. */
export class AddressBar {
  #at = $state.raw<Address>() as Address
  #host: AddressHost
  #followers = new Set<(address: Address) => void>()
  #writtenAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: AddressHost) {
    this.#host = host
    this.#at = this.#read()
  }

  get at(): Address {
    return this.#at
  }

  /** The URL of the same page with this changed, for a link. */
  hrefOf(change: Partial<Address>): string {
    return writeAddress({ ...this.#at, ...change }, this.#host.location.href)
  }

  /** Goes somewhere else. The browser's Back button returns. */
  go(change: Partial<Address>): void {
    this.#flush()
    if (this.#change(change)) this.#write('pushState')
  }

  /** Adjusts where the page is, for example with each key typed into the filter. Back does not undo it. */
  adjust(change: Partial<Address>): void {
    if (!this.#change(change) || this.#timer !== undefined) return
    const wait = this.#writtenAt + EVERY_MS - performance.now()
    if (wait <= 0) this.#write('replaceState')
    else this.#timer = setTimeout(() => this.#flush(), wait)
  }

  /** Calls back when Back, Forward or a person has changed the address. */
  onFollow(callback: (address: Address) => void): void {
    this.#followers.add(callback)
  }

  /** Reads the address after the browser has changed it. */
  follow(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // A click on a link to a fragment causes two events, `popstate` and `hashchange`.
    if (this.#change(this.#read())) for (const callback of this.#followers) callback(this.#at)
  }

  #read(): Address {
    return readAddress(new URL(this.#host.location.href))
  }

  #change(change: Partial<Address>): boolean {
    const next = { ...this.#at, ...change }
    const changed = JSON.stringify(next) !== JSON.stringify(this.#at)
    if (changed) this.#at = next
    return changed
  }

  #flush(): void {
    if (this.#timer !== undefined) this.#write('replaceState')
  }

  #write(how: 'pushState' | 'replaceState'): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#writtenAt = performance.now()
    try {
      this.#host.history[how](null, '', this.hrefOf({}))
    } catch {
      // The browser allows no more for now. The page is right, only its URL is behind.
    }
  }
}

export const [getAddressBar, setAddressBar] = createContext<AddressBar>()
