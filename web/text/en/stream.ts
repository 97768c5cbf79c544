import type { Direction } from '../../../shared/payload.ts'

/** Texts of the view of a connection’s bytes. */
export const streamMessages = {
  label: 'Bytes of the connection',
  direction: { in: 'Client → server', out: 'Server → client' } satisfies Record<Direction, string>,
  view: 'View as',
  views: { text: 'Text', hex: 'Hex' },
  shown: 'Directions shown',
  shownOptions: { both: 'Both', in: 'Client →', out: 'Server →' },
  later: (interval: string) => `${interval} later`,
  lengthHint: (from: string, to: string) => `Bytes ${from} to ${to} of this direction`,
  newBytes: (formatted: string) => `${formatted} new`,
  toEnd: 'To the newest byte',
  search: {
    label: 'Find in the bytes',
    text: 'Find text',
    hex: 'Find 0d 0a or "text"',
    notHex: 'Neither hex digits nor "text" in quotes',
    none: 'Not found',
    count: (place: string, total: string, more: boolean) => `${place} of ${total}${more ? '+' : ''}`,
    previous: 'Previous match',
    next: 'Next match',
    clear: 'Clear the search',
  },
  copy: {
    open: 'Copy…',
    openChunk: (n: string) => `Copy chunk ${n}`,
    heading: 'Copy bytes',
    scope: 'Which bytes',
    all: 'All, in order',
    chunk: (n: string) => `Chunk ${n}`,
    nothing: 'There are no bytes to copy.',
    as: 'Copy as',
    formats: { text: 'Text', hex: 'Hex', c: 'C array', shell: 'Shell command' },
    hints: {
      text: 'Control characters and bytes that are no text in the form shown',
      hex: 'Digits, 16 bytes a line',
      c: 'An array of unsigned char',
      shell: 'printf … | nc, sends exactly these bytes to the port',
    },
    failed: 'The browser does not let this page copy. The text is selected: copy it by hand.',
    byHand: 'The text to copy',
    download: 'Download raw',
    downloadFailed: (message: string) => `The download failed: ${message}`,
  },
  dropped: (inBytes: string | null, outBytes: string | null) => {
    const what = [inBytes && `${inBytes} from the client`, outBytes && `${outBytes} from the server`].filter(Boolean)
    return `${what.join(' and ')} before this are no longer kept.`
  },
  empty: {
    waiting: 'Waiting for the server…',
    unknown: 'The server no longer keeps this connection',
    quiet: 'No byte has passed yet',
    quietHint: 'Type a line into the client: what it sends appears here in the chunks in which the server read it.',
    over: 'It ended without a byte in either direction',
    overHint: 'There is nothing to show of it.',
    notKept: (formatted: string) => `None of its ${formatted} are kept`,
    notKeptHint:
      'The server keeps the newest bytes of each connection: --capture-bytes says how many, 0 keeps none. When all together grow too many, the connection quiet for longest loses its own first.',
    direction: {
      in: 'No bytes client → server are kept',
      out: 'No bytes server → client are kept',
    } satisfies Record<Direction, string>,
    directionHint: 'There are bytes of the other direction.',
  },
}
