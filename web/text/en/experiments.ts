import { plural } from './plural.ts'

const clients = (count: number) => plural(count, { one: 'client', other: 'clients' })

/** Texts of the experiments with built-in clients. */
export const experimentsMessages = {
  open: 'Experiments',
  heading: 'Try to break it',
  intro: 'Each is a real run with real clients of this machine. What is predicted stands first, then what happened.',
  run: 'Run',
  running: 'Running…',
  cleanUp: 'Clean up',
  acceptAgain: 'Accept again',
  cleaned: 'Cleaned up.',
  predicted: 'Predicted',
  happened: 'Happened',
  verdicts: { yes: 'As predicted', no: 'Not as predicted', pending: 'Not so far' },
  closeAll: 'Close all built-in clients',
  closedAll: (count: number, formatted: string) => `${formatted} ${clients(count)} closed.`,
  count: 'Clients',
  countFault: (limit: string) => `A number from 1 to ${limit}: no more built-in clients are open at once.`,
  more: (formatted: string) => `and ${formatted} more`,
  accepted: (id: string) => `accepted as connection ${id}`,
  waiting: 'waits in the accept queue',
  refused: (code: string) => `refused: ${code}`,
  counts: {
    accepted: (count: string) => `${count} accepted`,
    waiting: (count: string) => `${count} waiting`,
    refused: (count: string) => `${count} refused`,
  },
  served: (id: string) => `waited, then accepted as connection ${id}`,
  ended: (how: string) => `and then: ${how}`,
  still: 'and is still open',
  sendQueue: (bytes: string) => `· ${bytes} wait in the send queue`,
  recvQueue: (bytes: string) => `· ${bytes} wait in the receive queue`,
  sent: (bytes: string) => `${bytes} sent to the server`,
  needsPort: 'The listening socket is on one address only.',
  needsKernel: 'The kernel cannot be asked, and only its queues would show it.',
  needsSwitch: 'It takes Linux and koffi to listen without accepting.',
  needsEcho: 'It takes a server that answers: echo or chargen.',
  list: {
    'same-port': [
      'The same port from two IPs',
      'Both are accepted: the 4-tuples differ in the remote IP.',
      '127.0.0.2:50000 and 127.0.0.3:50000',
    ],
    'two-servers': [
      'One client endpoint, two server addresses',
      'Both are accepted: the 4-tuples differ in the local IP.',
      '127.0.0.2:50001 to 127.0.0.1 and to 127.0.0.3',
    ],
    'same-tuple': [
      'The same 4-tuple twice',
      'The first is accepted; the kernel refuses the second before a packet is sent.',
      '127.0.0.2:50002 to 127.0.0.1, and once more',
    ],
    burst: [
      'Many clients at once',
      'Each gets a socket of its own, and all of them have the same local port.',
      '127.0.0.1 from ports that the kernel chooses',
    ],
    fin: [
      'A client leaves with FIN',
      'The server sees the end of the stream and closes its side too: closed by client, FIN.',
      'close()',
    ],
    reset: [
      'A client leaves with RST',
      'The connection ends at once, in both directions: reset by client.',
      'close() with SO_LINGER 0',
    ],
    half: [
      'A client closes only its side',
      'The kernel goes to CLOSE_WAIT; with echo the server closes as soon as all is answered.',
      'shutdown(SHUT_WR)',
    ],
    'stop-reading': [
      'A client stops reading',
      'Its window closes, then bytes wait in our send queue, then in our receive queue: nothing is lost.',
      '4 MB to the echo, and no read()',
    ],
    'stop-accepting': [
      'The server stops accepting',
      'Three clients finish the handshake all the same and wait: inode 0, no descriptor, 6 bytes received.',
      'accept() stops; three clients connect and send 6 bytes',
    ],
  } satisfies Record<string, [title: string, prediction: string, how: string]>,
  readOnly: 'This page is read-only: experiments can be read here, not run.',
}
