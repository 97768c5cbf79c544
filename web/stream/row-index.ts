/** Items per block. Finding a row scans the sums of the blocks, then one block. */
const BLOCK = 1024

/** Maps rows to items, where each item has a number of rows. It grows and shrinks at the end. */
export class RowIndex {
  /** Rows of all items together. */
  total = 0
  #rows: number[] = []
  /** The rows of each block. */
  #sums: number[] = []

  get length(): number {
    return this.#rows.length
  }

  push(rows: number): void {
    const block = Math.floor(this.#rows.length / BLOCK)
    this.#rows.push(rows)
    this.#sums[block] = (this.#sums[block] ?? 0) + rows
    this.total += rows
  }

  pop(): void {
    const rows = this.#rows.pop() ?? 0
    const block = Math.floor(this.#rows.length / BLOCK)
    this.#sums[block] = (this.#sums[block] ?? 0) - rows
    this.total -= rows
  }

  set(index: number, rows: number): void {
    const change = rows - this.rowsOf(index)
    if (change === 0) return
    const block = Math.floor(index / BLOCK)
    this.#rows[index] = rows
    this.#sums[block] = (this.#sums[block] ?? 0) + change
    this.total += change
  }

  rowsOf(index: number): number {
    return this.#rows[index] ?? 0
  }

  /** The first row of an item. */
  rowOf(index: number): number {
    const block = Math.floor(index / BLOCK)
    let row = 0
    for (let before = 0; before < block; before++) row += this.#sums[before] ?? 0
    for (let before = block * BLOCK; before < index; before++) row += this.rowsOf(before)
    return row
  }

  /** The item of a row, and which of its rows it is; undefined beyond the last. */
  find(row: number): { index: number; line: number } | undefined {
    if (row < 0 || row >= this.total) return undefined
    let line = row
    let block = 0
    while (line >= (this.#sums[block] ?? 0)) line -= this.#sums[block++] ?? 0
    let index = block * BLOCK
    while (line >= this.rowsOf(index)) line -= this.rowsOf(index++)
    return { index, line }
  }
}
