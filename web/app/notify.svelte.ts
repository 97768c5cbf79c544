import { oneOf, Stored } from '../ui/stored.ts'

const stored = new Stored('notify', oneOf(['on', 'off']))

/** Notifications need https or localhost, and some browsers have none. */
const POSSIBLE = globalThis.isSecureContext && 'Notification' in globalThis

/** Whether the visitor wants notifications of new problems. Off until switched on, and kept in this browser. */
class Notify {
  #on = $state(POSSIBLE && stored.get() === 'on' && Notification.permission === 'granted')
  /** The browser refuses. */
  refused = $state(false)
  readonly possible = POSSIBLE

  get on(): boolean {
    return this.#on
  }

  /** Asks for the permission when switched on. */
  async toggle(): Promise<void> {
    this.refused = !this.#on && (await Notification.requestPermission()) !== 'granted'
    this.#on = !this.#on && !this.refused
    stored.set(this.#on ? 'on' : 'off')
  }

  /** Replaces the last notification. A click leads to the page. */
  show(title: string, body: string): void {
    const notification = new Notification(title, { body, tag: 'oneport', icon: 'favicon.svg' })
    notification.addEventListener('click', () => globalThis.focus())
  }
}

export const notify = new Notify()
