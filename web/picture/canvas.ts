/** A canvas measured in CSS pixels, whatever the device's pixel ratio. */
export class Canvas {
  readonly context: CanvasRenderingContext2D
  width = 0
  height = 0
  #element: HTMLCanvasElement

  constructor(element: HTMLCanvasElement) {
    const context = element.getContext('2d')
    if (!context) throw new Error('this browser has no 2d canvas')
    this.#element = element
    this.context = context
  }

  resize(width: number, height: number, ratio: number): void {
    this.width = width
    this.height = height
    this.#element.width = Math.round(width * ratio)
    this.#element.height = Math.round(height * ratio)
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0)
  }

  /** An empty canvas still costs the browser its whole area. */
  show(shown: boolean): void {
    this.#element.hidden = !shown
  }

  clear(): void {
    this.context.clearRect(0, 0, this.width, this.height)
  }
}
