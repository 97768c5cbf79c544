import { ByteStream } from './byte-stream.ts'
import { hexByte } from './hex-row.ts'
import { eachCharacter } from './utf8.ts'
import { plainText } from './visible.ts'

/** The formats in which bytes can be copied. */
export type CopyFormat = 'text' | 'hex' | 'c' | 'shell'

const HEX_ROW = 16
const C_ROW = 12
/**
 * Bytes per printf: at four characters each, well under the 4,095 that a terminal accepts as one pasted line
 * (termios(3), canonical mode).
 */
const SHELL_ROW = 960

/** @param netcat the command that sends its input to the port */
export function copyAs(format: CopyFormat, bytes: Uint8Array, netcat: string): string {
  switch (format) {
    case 'text':
      return asText(bytes)
    case 'hex':
      return rows(bytes, HEX_ROW)
        .map((row) => Array.from(row, hexByte).join(' '))
        .join('\n')
    case 'c':
      return asC(bytes)
    case 'shell':
      return asShell(bytes, netcat)
  }
}

function asText(bytes: Uint8Array): string {
  const stream = new ByteStream()
  stream.append(0, bytes)
  let text = ''
  eachCharacter(stream, 0, bytes.length, (code) => (text += plainText(code)))
  return text
}

function asC(bytes: Uint8Array): string {
  const lines = rows(bytes, C_ROW).map((row) => `  ${Array.from(row, (byte) => `0x${hexByte(byte)}`).join(', ')},`)
  return [`const unsigned char bytes[${bytes.length}] = {`, ...lines, '};'].join('\n')
}

/** For any POSIX shell: printf's octal escapes need no quoting and do not depend on the shell's character set. printf(1p) */
function asShell(bytes: Uint8Array, netcat: string): string {
  const prints = rows(bytes, SHELL_ROW).map((row) => `printf '${Array.from(row, inFormat).join('')}'`)
  return prints.length === 1 ? `${prints.join('')} | ${netcat}` : `{\n${prints.join('\n')}\n} | ${netcat}`
}

function inFormat(byte: number, index: number): string {
  const character = String.fromCharCode(byte)
  // A leading "-" would be read as an option.
  const asItself = byte >= 0x20 && byte < 0x7f && !"'\\%".includes(character) && !(index === 0 && character === '-')
  return asItself ? character : `\\${byte.toString(8).padStart(3, '0')}`
}

function rows(bytes: Uint8Array, length: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / length)
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length))
}
