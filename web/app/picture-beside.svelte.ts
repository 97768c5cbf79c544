import { oneOf, Stored } from '../ui/stored.ts'

/** Up to this many live connections each lane of the picture can be read. */
const MOST = 8
/** Once gone, the picture returns only below this, so that it does not come and go at the limit. */
const RETURNS_AT = 6
/** Less height than this has room for a list only, in pixels. */
const HEIGHT = 640
const WIDTH = 640

/** Whether the picture is above the list, if a person wants it and there is room. */
export function besideAfter(before: boolean, live: number, width: number, height: number): boolean {
  return live > 0 && live <= (before ? MOST : RETURNS_AT) && width >= WIDTH && height >= HEIGHT
}

/** Whether a person wants the picture above a short list. Kept in this browser. */
export class PictureWish {
  #stored = new Stored('picture-beside', oneOf(['on', 'off']))
  #on = $state(this.#stored.get() !== 'off')

  get on(): boolean {
    return this.#on
  }

  toggle(): void {
    this.#on = !this.#on
    this.#stored.set(this.#on ? 'on' : 'off')
  }
}
