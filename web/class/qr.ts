import { encode } from 'uqr'

/** Width of the white border, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4

/** The QR code as one SVG path, one unit per module. Adjacent dark modules of a row become one rectangle. */
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
