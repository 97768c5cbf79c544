import type { Close } from '../../../shared/connection.ts'
import type { Language } from '../../../shared/language.ts'
import type { Behavior, ListenerState } from '../../../shared/stream.ts'
import { actingMessages } from './act.ts'
import { bytesMessages } from './stream.ts'
import { classMessages } from './class.ts'
import { kernelMessages } from './kernel.ts'
import { lessonMessages } from './lesson.ts'
import { listMessages } from './list.ts'
import { pictureMessages } from './picture.ts'
import { plural } from './plural.ts'

/** Every text of the page. Another language is another object of the type `Messages`. */
export const en = {
  product: 'oneport',
  /** On a narrow screen. */
  menu: 'Menu',
  title: (live: string | null, port: number | null) =>
    `${live === null ? '' : `(${live}) `}oneport${port === null ? '' : ` :${port}`}`,
  /** The sentence that sums up the port; the number stands alone in the page. */
  sentence: {
    listening: '1 listening socket',
    connected: (live: number) => plural(live, { one: 'connected socket', other: 'connected sockets' }),
    port: '1 port',
  },
  link: {
    connecting: 'Connecting',
    syncing: 'Syncing',
    live: 'Live',
    lost: 'Lost',
    never: 'Not connected',
    lostSince: (time: string) => `Lost since ${time}`,
    stoppedTitle: 'The server was stopped',
    lostTitle: 'The connection to the server is lost',
    lostDetail: (time: string) =>
      `What you see is how the port was at ${time}. The page goes on trying to reconnect by itself.`,
    neverTitle: 'The server does not answer',
    neverDetail: 'The page goes on trying by itself.',
    retry: 'Try now',
    tokenTitle: 'This server asks for a token',
    tokenDetail: 'Open this page with #token=… at the end of its address: the token that the server was started with.',
    wrongTokenTitle: 'The server does not take this token',
    wrongTokenDetail:
      'Open this page with #token=… at the end of its address: the token that the server was started with.',
    protocolTitle: 'The server speaks another version',
    protocolDetail: 'The server was updated since this page was opened. Load the page again.',
  },
  readOnly: {
    name: 'Read-only',
    detail: 'this page looks and changes nothing',
    hint: 'The server refuses whatever would change something: it was started with --read-only, or you came by the link for a class.',
    experiments: 'This page is read-only: experiments can be read here, not run.',
    try: 'This page is read-only: no client can be opened.',
  },
  /** Each by its own name, whatever the language of the page. */
  languages: { en: 'English', ru: 'Русский' } satisfies Record<Language, string>,
  theme: { toLight: 'Light theme', toDark: 'Dark theme' },
  listener: {
    heading: 'Listening socket',
    /** One word for the badge. */
    state: { accepting: 'Accepting', paused: 'Not accepting', down: 'Down' } satisfies Record<ListenerState, string>,
    dualStack: 'IPv4 and IPv6',
    familyOnly: (family: 4 | 6) => `IPv${family} only`,
    pid: 'Process',
    pidHint: 'Number of the listener process, which holds this socket and those of all clients',
    fd: 'Descriptor',
    fdHint: 'The number under which that process knows the socket (/proc/<pid>/fd)',
    inode: 'Inode',
    since: 'Open for',
    accepted: 'Accepted',
    acceptedHint: 'Clients that accept() took from the queue since the port is open: a new socket for each',
    refused: 'Refused',
    refusedHint: 'Clients that the server turned away, at its limit or because it could not keep up',
    behavior: 'Behavior',
    behaviors: {
      echo: 'echo: sends back what it gets (RFC 862)',
      discard: 'discard: takes all, says nothing (RFC 863)',
      chargen: 'chargen: sends characters for ever (RFC 864)',
      silent: 'silent: takes all, says nothing but the greeting, and leaves a half-closed connection so',
    } satisfies Record<Behavior, string>,
    greeting: 'Greeting',
    greetingHint: 'The language of the line that tells each newcomer its own 4-tuple',
    limit: 'Limit',
    limitUse: (live: string, limit: string) => `${live} of ${limit}`,
    limitHint: 'Live connections before new ones are refused',
    limitDescriptors: (limit: string) =>
      `Live connections before new ones are refused; the process may have ${limit} descriptors`,
    restarts: 'Restarts',
    restartsHint: 'How often the listener process died and was started again',
    none: 'none',
    unfold: 'All figures',
    fold: 'Fewer figures',
  },
  notices: {
    limitTitle: (limit: string) => `The limit of ${limit} connections is reached`,
    limitDetail: (refused: number, formatted: string) =>
      refused === 0
        ? 'New ones are refused until a client leaves.'
        : `New ones are refused (${formatted} so far) until a client leaves.`,
    behindTitle: 'Connections are being refused',
    behindDetail: (formatted: string) =>
      `More arrive than the server can take (${formatted} refused so far); those that are open go on.`,
    downTitle: 'Nothing accepts on the port',
    downDetail: (fault: string) => `${fault} New clients wait in the kernel’s accept queue until it is over.`,
    unresponsiveTitle: 'The listener process does not answer',
    unresponsiveDetail: (pid: number | null) =>
      `It has been stopped, or hangs (process ${pid ?? 'unknown'}). Nobody is served until it goes on; new clients wait in the kernel’s accept queue.`,
    downUnknown: 'The listener process is not running.',
    proxyTitle: (address: string) => `Every client seems to come from ${address}`,
    proxyDetail:
      'That is the gateway of this container: Docker’s proxy stands between the clients and the port and hides where they come from. To see their true addresses, start oneport on the host’s own network: docker compose --profile host up (Linux).',
  },
  charts: {
    accepts: 'Accepts',
    closes: 'Closes',
    bytes: 'Bytes',
    bytesIn: 'in',
    bytesOut: 'out',
    now: 'now',
    aria: (what: string) => `${what} a second over the last minutes`,
  },
  ...listMessages,
  state: { open: 'Open', 'half-closed': 'Half-closed', closed: 'Closed' },
  /** How a connection ended, and who ended it. */
  ended: {
    fin: { peer: 'Closed by client · FIN', server: 'Closed by server · FIN', system: 'Closed by system · FIN' },
    reset: { peer: 'Reset by client · RST', server: 'Reset by server · RST', system: 'Reset by system · RST' },
    idle: 'Idle timeout',
    timeout: 'Timed out',
    error: 'Error',
    listenerDied: 'Listener process died',
  } satisfies Record<'fin' | 'reset', Record<Close['by'], string>> & Record<string, unknown>,
  stateHints: {
    open: 'Both directions are open (ESTABLISHED)',
    'half-closed': 'The client has sent FIN and will send nothing more; the server may still send (CLOSE_WAIT)',
    closed: 'The connection is over',
  },
  empty: {
    heading: 'Nobody is connected yet',
    intro:
      'Open a terminal and connect. The connection appears here at once, with a socket of its own on the same port.',
    again: 'Connect twice, and see two sockets on one port.',
    more: 'Connect once more, and see another socket on the same port:',
    or: 'or',
  },
  closeDialog: 'Close',
  copy: { copy: 'Copy', copied: 'Copied', failed: 'Select and copy by hand' },
  panel: {
    label: 'Selected connection',
    heading: (id: string) => `Connection ${id}`,
    close: 'Close the panel',
    back: 'Back to the list',
    evicted:
      'The page no longer keeps this connection: newer closed ones took its place. This is the last that was known of it.',
    missing: (id: string) => `There is no connection ${id}, or it is no longer kept.`,
    tuple: 'The 4-tuple',
    client: 'Client',
    server: 'Server',
    toServer: 'client to server',
    toClient: 'server to client',
    chunks: (count: number, formatted: string) => `${formatted} ${plural(count, { one: 'chunk', other: 'chunks' })}`,
    events: 'Events',
    record: 'Record',
    copyTuple: 'Copy 4-tuple',
    copyCommand: 'Copy ss command',
    commandHint: 'Ask the kernel for the same socket:',
    fields: {
      id: 'Number',
      family: 'Family',
      local: 'Local endpoint',
      remote: 'Remote endpoint',
      pid: 'Process',
      fd: 'Descriptor',
      openedAt: 'Accepted at',
      age: 'Open for',
      lastActivityAt: 'Last byte at',
      idle: 'Idle for',
      bytesIn: 'Bytes in',
      bytesOut: 'Bytes out',
      chunksIn: 'Chunks in',
      chunksOut: 'Chunks out',
      rate: 'Rate',
      state: 'State',
      halfClosedAt: 'Client’s FIN at',
      finSentAt: 'Our FIN at',
      reading: 'Reading',
      protocol: 'Looks like',
      closedAt: 'Closed at',
      ended: 'Ended',
      code: 'Error code',
    },
    fdClosed: 'given back',
    readingPaused: 'stopped by hand',
    protocolGuess: (what: string) => `${what}, by its first bytes`,
    kernel: 'The kernel says',
  },
  events: {
    accepted: 'Accepted',
    firstBytes: 'First bytes from the client',
    data: (bytesIn: string | null, bytesOut: string | null) =>
      [bytesIn && `${bytesIn} in`, bytesOut && `${bytesOut} out`].filter(Boolean).join(', '),
    halfClosed: 'Client sent FIN: half-closed',
    more: (formatted: string) => `${formatted} earlier ones not kept`,
  },
  acting: actingMessages,
  bytes: bytesMessages,
  kernel: kernelMessages,
  lesson: lessonMessages,
  picture: pictureMessages,
  class: classMessages,
  shortcuts: {
    open: 'Keyboard shortcuts',
    heading: 'Keyboard',
    /** Of keys that `KeyboardEvent.key` names otherwise than they are labelled. */
    keys: { ' ': 'Space', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' } as Partial<Record<string, string>>,
    meanings: {
      filter: 'Filter',
      pause: 'Hold the list still, and let it go on',
      move: 'Next, previous connection',
      open: 'Open the panel',
      bytes: 'The connection’s bytes, or its facts again',
      pick: 'Select the row',
      extend: 'Extend the selection',
      pickListed: 'Select all that match the filter',
      lookUp: 'Which socket gets the row’s packets?',
      experiments: 'Experiments',
      lesson: 'The lesson',
      mine: 'Which connection is mine?',
      projector: 'Projector mode, and back',
      kernel: 'What server and kernel differ on',
      pane: 'From the list into the panel, and back',
      leave: 'Close the panel, clear the selection, the filter',
      help: 'This list',
    },
    single: 'Shortcuts of a single character',
    singleHint: 'Turn them off where they come in the way of speech input or of other programs.',
  },
}

export type Messages = typeof en
