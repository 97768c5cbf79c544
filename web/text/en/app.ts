import type { Language } from '../../../shared/language.ts'
import { plural } from './plural.ts'

/** Texts of the page around the features. */
export const appMessages = {
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
  },
  /** Each by its own name, whatever the language of the page. */
  languages: { en: 'English', ru: 'Русский' } satisfies Record<Language, string>,
  theme: { toLight: 'Light theme', toDark: 'Dark theme' },
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
      'That is the gateway of this container: Docker’s proxy stands between the clients and the port and hides where they come from. To see their true addresses, start oneport on the host’s own network: docker compose -f compose.host.yml up (Linux).',
  },
  closeDialog: 'Close',
  copy: { copy: 'Copy', copied: 'Copied', failed: 'Select and copy by hand' },
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
  views: {
    label: 'How connections are shown',
    list: 'List',
    picture: 'Picture',
    board: 'Board',
  },
}
