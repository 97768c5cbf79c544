import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'

/** Extra rows drawn above and below the visible ones, so that a fast scroll shows no blank area. */
const OVERSCAN = 6

/** Connects TanStack Virtual's core to Svelte, for rows of equal height. */
export class FixedList {
  /** The first and last row to draw, and the height of all rows in pixels. */
  first = $state(0)
  last = $state(-1)
  total = $state(0)
  #viewport: HTMLElement | null = null
  #virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
    count: 0,
    getScrollElement: () => this.#viewport,
    estimateSize: () => 1,
    overscan: OVERSCAN,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => this.#read(),
  })
  #rowHeight = 0

  /** @returns a function that unmounts the list */
  mount(viewport: HTMLElement): () => void {
    this.#viewport = viewport
    const unmount = this.#virtualizer._didMount()
    this.#virtualizer._willUpdate()
    this.#read()
    return unmount
  }

  update(count: number, rowHeight: number): void {
    const options = this.#virtualizer.options
    if (count !== options.count || rowHeight !== this.#rowHeight) {
      this.#virtualizer.setOptions({ ...options, count, estimateSize: () => rowHeight })
      if (rowHeight !== this.#rowHeight) this.#virtualizer.measure()
      this.#rowHeight = rowHeight
      this.#virtualizer._willUpdate()
    }
    this.#read()
  }

  scrollTo(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' })
  }

  #read(): void {
    const items = this.#virtualizer.getVirtualItems()
    this.first = items[0]?.index ?? 0
    this.last = items.at(-1)?.index ?? -1
    this.total = this.#virtualizer.getTotalSize()
  }
}
