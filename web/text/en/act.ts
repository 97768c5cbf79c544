import type { ActionKind, CloseAction } from '../../../shared/action.ts'
import { plural } from './plural.ts'

const connections = (count: number) => plural(count, { one: 'connection', other: 'connections' })

/** Texts for acting on connections: send, close, stop reading. */
export const actMessages = {
  label: 'Actions on the connection',
  more: 'More',
  moreHint: 'Hex, line endings, presets, files; close, reset, stop reading',
  readOnly: 'This page is read-only: you can’t send or close.',
  offline: 'Not connected to the server.',
  over: 'The connection has closed.',
  send: {
    label: 'Send bytes to the client',
    kind: 'Send as',
    kinds: { text: 'Text', hex: 'Hex' },
    input: 'Bytes to send',
    placeholder: { text: 'Text to the client …', hex: '48 65 6c 6c 6f 0d 0a' },
    lineEnd: 'Line ending',
    lineEnds: { lf: 'LF', crlf: 'CRLF', none: 'none' },
    send: 'Send',
    sendHint: 'Enter sends, Shift+Enter starts a new line, ↑ recalls what you sent before',
    file: 'Send a file',
    fileHint: (limit: string) => `Send a file, up to ${limit}`,
    fileTooLarge: (name: string, size: string, limit: string) =>
      `${name} is too large (${size}). The limit is ${limit}.`,
    fileUnread: (name: string) => `Can’t read ${name}.`,
    kept: 'Presets and history',
    faults: {
      empty: 'No bytes to send.',
      'not-hex': 'Use hex digits 0–9 and a–f. Separate bytes with spaces, commas or 0x.',
      odd: 'The last byte needs a second hex digit.',
    },
    sent: (formatted: string) => `Sent ${formatted}.`,
    waiting: (formatted: string) => `${formatted} waiting: the client has stopped reading.`,
    sending: 'Sending …',
  },
  kept: {
    heading: 'Presets and history',
    presets: 'Presets',
    noPresets: 'No presets yet. Type text, name it and save it.',
    history: 'History',
    noHistory: 'Nothing sent yet.',
    forget: 'Clear history',
    name: 'Name',
    save: 'Save as preset',
    replace: 'Save changes',
    edit: (name: string) => `Edit ${name}`,
    remove: (name: string) => `Delete ${name}`,
    use: 'Insert',
    faults: {
      'no-name': 'Type a name for the preset.',
      full: 'Too many presets. Delete one first.',
      'too-long': 'Too long to save as a preset.',
    },
    where: 'Stored in this browser only.',
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
      fin: 'close(2): the kernel sends the queued data, then FIN. The server stops reading, so the server’s kernel answers any further data with RST.',
      half: 'shutdown(2): FIN ends the server’s direction. The server keeps reading until the client closes its direction (FIN_WAIT_2).',
      reset: 'RST: both ends drop the connection at once. Queued data is lost and there is no TIME_WAIT.',
    } satisfies Record<CloseAction, string>,
    finSent: 'The server has already sent FIN.',
    holdHint: 'Hold the button, or press it twice.',
    again: 'Press RST again to reset the connection.',
  },
  reading: {
    stop: 'Stop reading',
    stopWord: 'queue fills',
    again: 'Resume reading',
    againWord: 'queue drains',
    stopHint: 'The server stops reading from the socket. The receive queue fills, then the server’s window closes.',
    againHint: 'The server reads the receive queue, and its window opens again.',
    watch: 'The server has stopped reading. Its receive queue fills, then its window closes.',
    recv: 'to read',
    send: 'to send',
    window: 'client’s window',
  },
  behavior: {
    label: 'Behavior',
    hint: 'What the server does with further bytes of this connection. scripted takes the rules in the port’s settings.',
    port: (name: string) => `like the port (${name})`,
    chosen: (name: string) => `The connection’s behavior is ${name}.`,
    portAgain: 'The connection follows the port again.',
  },
  done: {
    fin: 'Closed.',
    half: 'FIN sent.',
    reset: 'Reset.',
    'pause-reading': 'The server has stopped reading. Its receive queue fills, then its window closes.',
    'resume-reading': 'The server reads again.',
  } satisfies Record<Exclude<ActionKind, 'send' | 'behavior'>, string>,
  events: {
    send: (formatted: string) => `Sent ${formatted} by hand`,
    fin: 'Closed by hand: close(2)',
    half: 'Half-closed by hand: FIN sent',
    reset: 'Reset by hand: RST',
    'pause-reading': 'The server was told to stop reading',
    'resume-reading': 'The server was told to resume reading',
    behavior: (name: string) => `Behavior set to ${name} by hand`,
    portBehavior: 'Behavior set back to the port’s by hand',
    tried: {
      send: 'send',
      fin: 'FIN',
      half: 'half-close',
      reset: 'RST',
      'pause-reading': 'stop reading',
      'resume-reading': 'resume reading',
      behavior: 'set the behavior',
    } satisfies Record<ActionKind, string>,
    refused: (what: string, why: string) => `Failed: ${what}. ${why}`,
    kernel: (state: string, recv: string | null, send: string | null) =>
      [`Kernel afterwards: ${state}`, recv && `${recv} to read`, send && `${send} to send`].filter(Boolean).join(', '),
    gone: 'Kernel afterwards: socket gone',
    waiting: (formatted: string) => `${formatted} waiting for space in the send queue`,
  },
  confirm: {
    heading: (how: CloseAction, count: number, formatted: string) =>
      `${{ fin: 'Close', half: 'Half-close', reset: 'Reset' }[how]} ${formatted} ${connections(count)}?`,
    go: (how: CloseAction, formatted: string) =>
      `${{ fin: 'Close', half: 'Half-close', reset: 'Reset' }[how]} ${formatted}`,
    all: 'This is every live connection on the port.',
    more: (formatted: string) => `It’s ${formatted} now. Check before you continue.`,
    cancel: 'Cancel',
    working: 'Working …',
  },
  sendMany: {
    send: (formatted: string) => `Send to ${formatted}`,
    heading: (count: number, formatted: string) => `Send to ${formatted} ${connections(count)}`,
    all: 'This is every live connection on the port.',
  },
  bulk: {
    done: {
      fin: (count: number, formatted: string) => `Closed ${formatted} ${connections(count)}.`,
      half: (count: number, formatted: string) => `Half-closed ${formatted} ${connections(count)}.`,
      reset: (count: number, formatted: string) => `Reset ${formatted} ${connections(count)}.`,
      send: (count: number, formatted: string, bytes: string) => `Sent ${bytes} to ${formatted} ${connections(count)}.`,
    },
    refused: {
      CONNECTION_CLOSED: (_count: number, formatted: string) => `${formatted} had already closed.`,
      CONNECTION_NOT_FOUND: (count: number, formatted: string) =>
        `${formatted} ${plural(count, { one: 'is', other: 'are' })} no longer kept by the server.`,
      FIN_SENT: (_count: number, formatted: string) => `${formatted} had already been sent FIN.`,
      SEND_QUEUE_FULL: (count: number, formatted: string) =>
        `${formatted} skipped: the ${plural(count, { one: 'client has', other: 'clients have' })} stopped reading.`,
    },
    other: (formatted: string, code: string) => `${formatted} failed: ${code}.`,
  },
}
