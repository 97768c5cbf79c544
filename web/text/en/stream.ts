import type { Direction } from '../../../shared/payload.ts'
import { plural } from './plural.ts'

/** Texts of the stream of a connection: its bytes and events. */
export const streamMessages = {
  label: 'Stream of the connection',
  direction: { in: 'Client → server', out: 'Server → client' } satisfies Record<Direction, string>,
  view: 'View as',
  views: { text: 'Text', hex: 'Hex' },
  shown: 'Shown',
  shownOptions: { all: 'All', in: '→ Client', out: '← Server', events: 'Events' },
  lengthHint: (n: string, from: string, to: string) => `Chunk ${n}: bytes ${from} to ${to} in this direction`,
  pause: (interval: string) => `nothing for ${interval}`,
  missing: {
    in: (formatted: string) => `${formatted} from the client before this: no longer kept`,
    out: (formatted: string) => `${formatted} from the server before this: no longer kept`,
  } satisfies Record<Direction, (formatted: string) => string>,
  events: {
    accept: 'Accepted',
    descriptor: (fd: string) => `fd ${fd}`,
    fin: { peer: 'FIN from client', server: 'FIN from server' },
    finHint: { peer: 'the client can’t send any more data', server: 'the server can’t send any more data' },
    gone: 'The kernel has removed the socket',
    emptied: { recv: 'Receive queue empty', send: 'Send queue empty' },
    held: (bytes: string, time: string) => `held up to ${bytes} for ${time}`,
    sampled: 'found by a kernel sample',
    /** Two or more. Within: null, at the same time. */
    times: (_count: number, formatted: string, within: string | null) =>
      `(${formatted} times${within === null ? '' : ` in ${within}`})`,
    unread: (bytes: string) => `${bytes} not read by the server`,
    unsent: (bytes: string) => `${bytes} not acknowledged by the client`,
    retransmits: (count: number, formatted: string) =>
      `${formatted} ${plural(count, { one: 'segment', other: 'segments' })} retransmitted`,
    neverSent: (bytes: string) => `${bytes} never sent`,
    finPossible: 'the client’s FIN may have come just before',
    /** What a sample has found, null: nothing. */
    beforeReset: (lost: string | null) => `sampled before the RST: ${lost ?? 'both queues empty'}`,
    /** Whose account of the end it is. */
    source: {
      server: 'from the server; no kernel data',
      reset: 'from the server; the kernel keeps no data after this RST',
      both: 'the server and the kernel agree',
      kernel: 'from the kernel, which corrects the server’s record',
      oneOfTwo: 'from the server; the kernel’s data fits two endings',
    },
  },
  /** Above the bytes: which of the server's bytes the kernel has not taken. */
  untaken: {
    live: (bytes: string, from: string) =>
      `The last ${bytes} from the server are not sent yet (from byte ${from} on): the kernel hasn’t taken them. They are marked.`,
    closed: (bytes: string, from: string) =>
      `The last ${bytes} from the server were never sent (from byte ${from} on): the kernel didn’t take them. They are marked.`,
    row: { live: 'not sent yet', closed: 'never sent' },
  },
  notesHint: (label: string) => `${label} (a guess from the bytes)`,
  newBytes: (formatted: string) => `${formatted} new`,
  toEnd: 'Jump to the newest byte',
  search: {
    label: 'Find in the bytes',
    text: 'Find text',
    hex: 'Find 0d 0a or "text"',
    notHex: 'Type hex digits or "text" in quotes',
    none: 'Not found',
    count: (place: string, total: string, more: boolean) => `${place} of ${total}${more ? '+' : ''}`,
    previous: 'Previous match',
    next: 'Next match',
    clear: 'Clear search',
  },
  copy: {
    open: 'Copy or save…',
    openChunk: (n: string) => `Copy chunk ${n}`,
    heading: 'Copy bytes',
    scope: 'Bytes to copy',
    all: 'All, in order',
    chunk: (n: string) => `Chunk ${n}`,
    nothing: 'No bytes to copy.',
    as: 'Copy as',
    formats: { text: 'Text', hex: 'Hex', c: 'C array', shell: 'Shell command' },
    hints: {
      text: 'Control characters and non-text bytes as shown here',
      hex: 'Hex digits, 16 bytes per line',
      c: 'An array of unsigned char',
      shell: 'printf … | nc: sends exactly these bytes to the port',
    },
    failed: 'The browser blocks copying here. The text is selected: copy it by hand.',
    byHand: 'Text to copy',
    download: 'Download raw',
    transcript: 'Download as text',
    transcriptHint: 'Both directions and the events, with their times.',
    downloadAs: 'Download as packets',
    pcapng: 'Download pcapng',
    pcapngHint: 'For Wireshark: both directions, FIN and RST. Headers are synthesized.',
    downloadFailed: (message: string) => `Download failed: ${message}`,
  },
  dropped: (inBytes: string | null, outBytes: string | null) => {
    const what = [inBytes && `${inBytes} from the client`, outBytes && `${outBytes} from the server`].filter(Boolean)
    return `Earlier bytes are no longer kept: ${what.join(' and ')}.`
  },
  empty: {
    waiting: 'Loading…',
    unknown: 'The server no longer keeps this connection',
    quiet: 'No data yet',
    quietHint: 'Type a line in the client. Its bytes appear here in the chunks the server read.',
    over: 'The connection closed without any data',
    overHint: 'Neither side sent a byte.',
    notKept: (formatted: string) => `${formatted} transferred, none kept`,
    notKeptHint:
      'The server keeps the newest bytes of each connection. Set the amount with --capture-bytes; 0 keeps none. When the total reaches its limit, the connection that has been idle longest loses its bytes first.',
    direction: {
      in: 'No client → server bytes kept',
      out: 'No server → client bytes kept',
    } satisfies Record<Direction, string>,
    directionHint: 'The other direction has bytes.',
  },
}
