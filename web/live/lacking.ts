import { NOTABLE_SHARE } from '../../shared/notable.ts'

/** How many closed connections the page lacks, and how many of these the server still keeps. */
export class Lacking {
  /** Below zero for a while, if rows were taken before their close was counted. */
  #count = 0
  /** How many connections have closed on the server. */
  #there = 0
  /** How many had closed before the newest ones of which the page lacks none. */
  #before = 0

  /** How many the page dropped, or never got. */
  get count(): number {
    return Math.max(0, this.#count)
  }

  /**
   * A snapshot has come.
   * @param there how many connections have closed on the server
   * @param held how many of them the page has
   * @param sent how many of them the snapshot held
   * @param same whether it is of the same run of the server as the one before
   */
  replaced(there: number, held: number, sent: number, same: boolean): void {
    const before = this.#count
    this.#there = there
    this.#count = Math.max(0, there - held)
    if (!same || this.#count > before) this.#before = Math.max(0, there - sent)
  }

  /** The counters may be ahead of the rows, because one frame does not hold everything. They are never behind. */
  counted(there: number, held: number): void {
    this.#there = there
    this.#count = Math.min(this.#count, Math.max(0, there - held))
  }

  /** The page has this many more, or, if negative, fewer. */
  gained(rows: number): void {
    this.#count -= rows
  }

  /** The page has got all that the server keeps. */
  gotAll(): void {
    this.#before = 0
  }

  /**
   * How many the server keeps and the page lacks.
   * @param keeps --closed-kept
   * @param held how many the page has
   * @returns null if there may be some, and their number is not known: the page has some that the server no longer keeps, or has the
   * newest ones, and the server may keep notable ones that are older
   */
  older(keeps: number, held: number): number | null {
    const kept = Math.min(this.#there, keeps)
    if (this.count === 0 || this.#before === 0) return 0
    if (this.#before <= this.#there - kept) return keeps * NOTABLE_SHARE < 1 ? 0 : null
    return kept > held ? Math.min(this.count, kept - held) : null
  }
}
