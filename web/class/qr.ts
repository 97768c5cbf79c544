import { encode } from 'uqr'

/** Modules of white around it (ISO/IEC 18004). */
const QUIET_ZONE = 4

/** As one SVG path: a module is a unit, the dark ones of a row that stand together are one rectangle. */
export function qrPath(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  let path = ''
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      path += `M${from} ${y}h${x + 1 - from}v1h${from - x - 1}z`
    }
  }
  return { size, path }
}
