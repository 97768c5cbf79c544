import type { Behavior } from '../../../shared/vocabulary.ts'
import type { Language } from '../../../shared/language.ts'
import { plural } from './plural.ts'

/** Texts of the page around the features. */
export const appMessages = {
  product: 'oneport',
  connect: 'Connect a client',
  connectHint: 'Opens a real connection to this port with a client that is built in',
  /** How the port is served. */
  serves: (behavior: Behavior) => `${behavior} server`,
  /** Opens the tools on a narrow screen. */
  menu: 'Menu',
  /** @param mark a problem has appeared while the page was hidden */
  title: (live: string | null, port: number | null, mark = false) =>
    `${mark ? '⚠ ' : ''}${live === null ? '' : `(${live}) `}oneport${port === null ? '' : ` :${port}`}`,
  /** The sentence at the top of the page. The page shows the number itself. */
  sentence: {
    listening: '1 listening socket',
    closed: 'No listening socket',
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
    stoppedTitle: 'Server stopped',
    lostTitle: 'Connection to the server lost',
    lostDetail: (time: string) => `The page shows the port as of ${time}. It keeps trying to reconnect.`,
    neverTitle: 'The server doesn’t answer',
    neverDetail: 'The page keeps trying to connect.',
    fullTitle: 'Too many viewers',
    fullDetail: (limit: string) =>
      `Viewers connected: ${limit}, the most this server allows (--max-readers). The page keeps trying and opens when one leaves.`,
    addressFullDetail: (limit: string) =>
      `Viewers connected from this page’s address: ${limit}, the most this server allows for one address. The page keeps trying and opens when one leaves.`,
    retry: 'Try now',
    tokenTitle: 'Token required',
    tokenDetail:
      'In a class, type the code from the projector. Otherwise add #token=… to the end of this page’s address, with the token the server was started with.',
    wrongTokenTitle: 'Token rejected',
    wrongTokenDetail:
      'Check #token=… at the end of this page’s address. It must be the token the server was started with. A class link stops working when the server restarts.',
    addressTitle: 'The server refuses this page’s address',
    addressDetail: (host: string) =>
      `Restart the server with --allow-host ${host}, or let the reverse proxy pass the Host header unchanged.`,
    upgradeTitle: 'The WebSocket is blocked',
    upgradeDetail:
      'The server answers, but the WebSocket of this page doesn’t reach it. A reverse proxy in front must pass the upgrade of /ws.',
    protocolTitle: 'The server runs another version',
    protocolDetail: 'The server was updated after this page was opened. Reload the page.',
  },
  readOnly: {
    name: 'Read-only',
    detail: 'this page can’t change anything',
    hint: 'The server was started with --read-only, or you opened the view-only link for a class. The server refuses every change.',
  },
  /** Each language is called by its own name in both catalogues. */
  languages: { en: 'English', ru: 'Русский' } satisfies Record<Language, string>,
  /** New problems, for screen readers and in notifications. */
  news: {
    andOthers: (problem: string) => `${problem}, and others`,
    andMore: (problem: string, count: number, formatted: string) =>
      `${problem}, and ${formatted} ${plural(count, { one: 'other problem', other: 'other problems' })}`,
    title: (port: number | null) => `oneport${port === null ? '' : ` :${port}`}`,
    notify: 'Notify me of new problems while the page is hidden',
    refused: 'This browser blocks notifications from this page. Allow them in its site settings.',
  },
  theme: { toLight: 'Light theme', toDark: 'Dark theme' },
  notices: {
    limitTitle: (limit: string) => `Connection limit reached (${limit})`,
    limitDetail: (refused: number, formatted: string) =>
      refused === 0
        ? 'New connections are refused until a client disconnects.'
        : `New connections are refused until a client disconnects (${formatted} refused so far).`,
    resume: 'Resume',
    heldTitle: 'Accepting is stopped',
    heldDetail: 'New clients wait in the accept queue.',
    heldByLease: (seconds: number) =>
      `It resumes by itself ${seconds} s after the page that stopped it is closed or loses its connection.`,
    heldForGood: 'It stays stopped until somebody resumes it.',
    behindTitle: 'Connections refused',
    behindDetail: (formatted: string) =>
      `Connections arrive faster than the server can accept them (${formatted} refused). Open ones are unaffected.`,
    downTitle: 'The port accepts no connections',
    downDetail: (fault: string) => `${fault} New clients wait in the accept queue until this is fixed.`,
    unresponsiveTitle: 'The listener process doesn’t respond',
    unresponsiveDetail: (pid: number | null) =>
      `Process ${pid ?? 'unknown'} is stopped or hung. Clients get no answer until it resumes. New clients wait in the accept queue.`,
    downUnknown: 'The listener process is not running.',
    queueFullTitle: 'The accept queue is full',
    queueFullDetail: (time: string, length: string, limit: string) =>
      `Sampled since ${time}: up to ${length} waiting, limit ${limit}. Clients connect faster than the server accepts, and the kernel drops what doesn’t fit: those clients try again or fail, and no connection of theirs is listed here.`,
    floodingTitle: (address: string) => `Very many new connections from ${address}`,
    floodingDetail: (count: string, time: string, rate: string) =>
      `At least ${count} since ${time}, most recently ${rate} a second. A load test or a proxy looks the same. If it’s neither, block the address in a firewall.`,
    pastFloodTitle: 'There was a flood',
    pastFloodSpan: (since: string, until: string, lasted: string) => `From ${since} to ${until} (${lasted})`,
    /** The page didn't see the end. */
    pastFloodLastSeen: (since: string, until: string, lasted: string) =>
      `From ${since}, last seen at ${until} (${lasted} later)`,
    pastFloodDetail: (span: string, connections: string, addresses: string, refused: string | null) =>
      `${span}: at least ${connections} connections from ${addresses}${refused === null ? '' : `, ${refused} refused`}.`,
    showEvents: 'Show in Events',
    showAddress: 'Show its connections',
    reconnectingTitle: (address: string) => `${address} connects again and again`,
    reconnectingDetail: (count: number, formatted: string, longest: string, resets: string) =>
      `${formatted} ${plural(count, { one: 'connection', other: 'connections' })} in a row, one at a time, none longer than ${longest}. ${resets}None was a normal exchange: bytes both ways, then the client’s FIN. Look at the bytes of its newest connection: the client may not get the answer it expects. TCP health checks look the same.`,
    /** Of these connections. */
    resets: {
      all: { peer: 'The client reset all of them (RST). ', server: 'The server reset all of them (RST). ' },
      some: {
        peer: (some: string) => `The client reset ${some} of them (RST). `,
        server: (some: string) => `The server reset ${some} of them (RST). `,
      },
    },
    growingTitle: 'More and more connections aren’t closed',
    growingDetail: (count: number, formatted: string, before: string) =>
      `The clients have closed their side of ${formatted} ${plural(count, { one: 'connection', other: 'connections' })} (before: ${before}), and the server program hasn’t called close(). Each one holds a descriptor. Look for a missing close() in the program.`,
    proxyTitle: (address: string) => `All clients appear to come from ${address}`,
    proxyDetail: (command: string) =>
      `This is the gateway of the container: Docker’s proxy replaces the clients’ addresses with its own. To see the real addresses, run oneport on the host network (Linux), with the other ONEPORT_ variables that you have set in the shell: ${command}`,
  },
  closeDialog: 'Close',
  copy: { copy: 'Copy', copied: 'Copied', failed: 'Can’t copy: select the text' },
  shortcuts: {
    open: 'Keyboard shortcuts',
    heading: 'Keyboard shortcuts',
    /** Labels of keys whose `KeyboardEvent.key` differs from what is printed on them. */
    keys: { ' ': 'Space', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' } as Partial<Record<string, string>>,
    meanings: {
      palette: 'Find connections, views and actions',
      filter: 'Filter',
      pause: 'Pause or resume the list',
      move: 'Next or previous connection',
      problem: 'Next or previous connection with a problem',
      open: 'Open the panel',
      bytes: 'Switch between stream and facts',
      panelTab: 'Previous or next tab of the panel',
      view: 'Connections, clients, picture, events',
      pick: 'Select the row',
      extend: 'Extend the selection',
      pickListed: 'Select all that match the filter',
      lookUp: 'Which socket gets this connection’s packets?',
      connect: 'Connect a client',
      experiments: 'Experiments',
      lesson: 'Lesson',
      mine: 'Which connection is mine?',
      names: 'Hide or show students’ names',
      projector: 'Projector mode on or off',
      kernel: 'Compare server and kernel',
      pane: 'Move between list and panel',
      leave: 'Close the panel, then clear the selection, then the filter',
      help: 'This list',
    },
    single: 'Single-character shortcuts',
    singleHint: 'Turn these off if they interfere with speech input or other programs.',
  },
  hidePicture: 'Hide picture',
  showPicture: 'Show picture',
  views: {
    label: 'Views of the port',
    connections: 'Connections',
    clients: 'Clients',
    picture: 'Picture',
    events: 'Events',
  },
  restart: {
    title: 'The server was restarted',
    detail: (id: string) =>
      `Connection ${id} belonged to the run before, so its panel was closed. Connection numbers start again at 1: another client may get number ${id}.`,
  },
  /** Parts of the page's address that name nothing. */
  address: {
    title: 'Part of this page’s address doesn’t exist',
    part: (text: string) => `“${text}” was ignored.`,
    port: (asked: string, here: string) => `There is no port ${asked} here; this is port ${here}.`,
    go: 'Show what there is',
  },
}
