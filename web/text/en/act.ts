import type { ActionKind, CloseAction } from '../../../shared/action.ts'
import { plural } from './plural.ts'

const connections = (count: number) => plural(count, { one: 'connection', other: 'connections' })

/** Texts for acting on connections: send, close, stop reading. */
export const actMessages = {
  label: 'Act on the connection',
  more: 'More',
  moreHint: 'Hex, line ends, presets, files; close, reset, stop reading',
  readOnly: 'This page is read-only: nothing can be sent or closed.',
  offline: 'There is no link to the server.',
  over: 'It has closed: nothing more can be done to it.',
  send: {
    label: 'Send bytes to the client',
    kind: 'Sent as',
    kinds: { text: 'Text', hex: 'Hex' },
    input: 'Bytes to send',
    placeholder: { text: 'Text to the client …', hex: '48 65 6c 6c 6f 0d 0a' },
    lineEnd: 'End of each line',
    lineEnds: { lf: 'LF', crlf: 'CRLF', none: 'none' },
    send: 'Send',
    sendHint: 'Enter sends, Shift+Enter begins another line, ↑ brings back what was sent before',
    file: 'Send a file',
    fileHint: (limit: string) => `Send a file, up to ${limit}`,
    fileTooLarge: (name: string, size: string, limit: string) => `${name} has ${size}; a send takes up to ${limit}.`,
    fileUnread: (name: string) => `${name} could not be read.`,
    kept: 'Presets and history',
    faults: {
      empty: 'There are no bytes to send.',
      'not-hex': 'Hex takes the digits 0–9 and a–f, with spaces, commas or 0x between bytes.',
      odd: 'The last byte lacks a digit: each takes two.',
    },
    sent: (formatted: string) => `Sent ${formatted}.`,
    waiting: (formatted: string) => `${formatted} wait: the client does not read.`,
    sending: 'Sending …',
  },
  kept: {
    heading: 'Presets and history',
    presets: 'Presets',
    noPresets: 'None yet: name what stands in the box, and keep it.',
    history: 'Sent before',
    noHistory: 'Nothing yet.',
    forget: 'Forget all',
    name: 'Name',
    save: 'Keep what is in the box',
    replace: 'Save changes',
    edit: (name: string) => `Edit ${name}`,
    remove: (name: string) => `Delete ${name}`,
    use: 'Put into the box',
    faults: {
      'no-name': 'A preset needs a name.',
      full: 'There is no room for more presets: delete one.',
      'too-long': 'This is too long to keep.',
    },
    where: 'Kept in this browser only.',
  },
  close: {
    label: 'Close the connection',
    names: { fin: 'FIN', half: 'Half-close', reset: 'RST' } satisfies Record<CloseAction, string>,
    words: {
      fin: 'close(2)',
      half: 'shutdown(2)',
      reset: 'abort, no FIN',
    } satisfies Record<CloseAction, string>,
    hints: {
      fin: 'close(2): FIN follows what still waits to be sent. We read no more; what the client sends from then on is answered with RST.',
      half: 'shutdown(2): FIN ends our direction. We go on reading until the client closes its own: FIN_WAIT_2.',
      reset:
        'RST: both ends forget the connection at once, what waits in their queues is lost, and nothing goes through TIME_WAIT.',
    } satisfies Record<CloseAction, string>,
    finSent: 'Our FIN has been sent: nothing can follow it.',
  },
  reading: {
    stop: 'Stop reading',
    stopWord: 'queue fills',
    again: 'Read again',
    againWord: 'queue empties',
    stopHint:
      'The server takes no more from the socket: the receive queue fills, then the window that we offer closes.',
    againHint: 'The server takes what waits in the receive queue, and the window opens again.',
    watch: 'Reading is stopped: the receive queue fills, then our window closes.',
    recv: 'to read',
    send: 'to send',
    window: 'client takes',
  },
  done: {
    fin: 'Closed.',
    half: 'Our half is closed.',
    reset: 'Reset.',
    'pause-reading': 'Reading is stopped: the receive queue fills, then our window closes.',
    'resume-reading': 'Reading again.',
  } satisfies Record<Exclude<ActionKind, 'send'>, string>,
  events: {
    send: (formatted: string) => `Sent ${formatted} by hand`,
    fin: 'Closed by hand: close(2)',
    half: 'Half-closed by hand: our FIN sent',
    reset: 'Reset by hand: RST',
    'pause-reading': 'Reading stopped by hand',
    'resume-reading': 'Reading again by hand',
    tried: {
      send: 'send',
      fin: 'FIN',
      half: 'half-close',
      reset: 'RST',
      'pause-reading': 'stop reading',
      'resume-reading': 'read again',
    } satisfies Record<ActionKind, string>,
    refused: (what: string, why: string) => `Not done: ${what}. ${why}`,
    kernel: (state: string, recv: string | null, send: string | null) =>
      [`Kernel then: ${state}`, recv && `${recv} to read`, send && `${send} to send`].filter(Boolean).join(', '),
    gone: 'Kernel then: no such socket any more',
    waiting: (formatted: string) => `${formatted} wait for the kernel to take them`,
  },
  confirm: {
    heading: (how: CloseAction, count: number, formatted: string) =>
      `${{ fin: 'Close', half: 'Half-close', reset: 'Reset' }[how]} ${formatted} ${connections(count)}?`,
    go: (how: CloseAction, formatted: string) =>
      `${{ fin: 'Close', half: 'Half-close', reset: 'Reset' }[how]} ${formatted}`,
    all: 'These are all live connections of the port.',
    more: (formatted: string) => `There are ${formatted} now. Look at the number once more.`,
    cancel: 'Cancel',
    working: 'Working …',
  },
  sendMany: {
    send: (formatted: string) => `Send to ${formatted}`,
    heading: (count: number, formatted: string) => `Send to ${formatted} ${connections(count)}`,
    all: 'These are all live connections of the port.',
  },
  bulk: {
    done: {
      fin: (count: number, formatted: string) => `Closed ${formatted} ${connections(count)}.`,
      half: (count: number, formatted: string) => `Half-closed ${formatted} ${connections(count)}.`,
      reset: (count: number, formatted: string) => `Reset ${formatted} ${connections(count)}.`,
      send: (count: number, formatted: string, bytes: string) => `Sent ${bytes} to ${formatted} ${connections(count)}.`,
    },
    refused: {
      CONNECTION_CLOSED: (formatted: string) => `${formatted} had closed already.`,
      CONNECTION_NOT_FOUND: (formatted: string) => `${formatted} no longer known.`,
      FIN_SENT: (formatted: string) => `${formatted} had our FIN already.`,
      SEND_QUEUE_FULL: (formatted: string) => `${formatted} with a client that does not read: nothing was sent there.`,
    },
    other: (formatted: string, code: string) => `${formatted} refused: ${code}.`,
  },
}
