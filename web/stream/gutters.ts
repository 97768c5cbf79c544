/** Widths in pixels of what stands beside the bytes, and the columns that are left. */
export interface Gutters {
  time: number
  sign: number
  size: number
  /** The font size of times and sizes. */
  small: string
  columns: number
  /** For the words of an event. */
  eventColumns: number
}

/** Characters of a time of day with milliseconds, and of a size. */
const TIME_LENGTH = 12
const SIZE_LENGTH = 7
/** Space between the parts of a row. Each byte more costs a row where a phone just has room for 8. */
const SPACE = 12
/** Below this width, everything beside the bytes is smaller. */
const NARROW = 440

/** @param width of a row @param column width of a character of the fixed-width font */
export function guttersOf(width: number, column: number): Gutters {
  const narrow = width < NARROW
  const scale = narrow ? 0.83 : 0.92
  // Some systems draw characters at whole pixels.
  const small = Math.ceil(column * scale)
  // With the panel's inset; on a phone as much of it as leaves room for 8 bytes.
  const time = TIME_LENGTH * small + (narrow ? 6 : 12)
  const sign = narrow ? 16 : 20
  const size = SIZE_LENGTH * small + 4
  const left = Math.max(0, width - time - sign - SPACE)
  return {
    time,
    sign,
    size,
    small: `${scale}em`,
    columns: Math.floor((left - size) / column),
    eventColumns: Math.floor(left / column),
  }
}
