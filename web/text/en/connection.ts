import { plural } from './plural.ts'

/** Texts of the panel: what the kernel says of one connection, and what follows from it. */
export const connectionMessages = {
  life: 'Life of the connection',
  seen: 'seen in the kernel’s table',
  inferred: 'inferred: no look at the kernel found it',
  countdown: (time: string) => `ends in ${time}`,
  proof: 'The proof',
  /** Only for two or more. */
  proofLine: (_count: number, formatted: string) =>
    `${formatted} sockets, ${formatted} inodes, ${formatted} descriptors, 1 port`,
  sameInode: 'is the same inode: the descriptor is this socket.',
  otherInode: 'is another inode: the descriptor has been used again since.',
  proofAlone: 'Connect once more, and a third socket stands here.',
  listening: 'listening',
  this: 'this one',
  another: (id: string) => `connection ${id}`,
  proofColumns: { socket: 'Socket', inode: 'Inode', fd: 'Descriptor', local: 'Local endpoint' },
  diagnosis: 'Diagnosis',
  lookup: 'Which socket gets its packets?',
  unknownFacts: 'The kernel has no socket for this connection any more.',
  unavailable: (reason: string) => `The kernel cannot be asked: ${reason}.`,
  fields: {
    tcpState: 'TCP state',
    inode: 'Inode',
    recvQueue: 'Receive queue',
    sendQueue: 'Send queue',
    rttMs: 'Round trip',
    retransmits: 'Retransmitted',
    congestionWindow: 'Congestion window',
    sendWindow: 'Client’s window',
    timer: 'Timer',
    sampledAt: 'Changed at',
  },
  noInode: '0: no process holds it',
  segments: (count: number, formatted: string) =>
    `${formatted} ${plural(count, { one: 'segment', other: 'segments' })}`,
  queued: {
    recv: (bytes: string) => `${bytes} not read by the program yet`,
    send: (bytes: string) => `${bytes} not acknowledged by the client yet`,
  },
  empty: 'empty',
  window: (bytes: string) => `takes ${bytes} more`,
  windowClosed: '0: it takes nothing more',
  timers: {
    on: 'retransmits',
    keepalive: 'keeps alive',
    timewait: 'ends TIME_WAIT',
    persist: 'probes the closed window',
    unknown: 'unknown',
  },
  timerAt: (what: string, time: string) => `${what} in ${time}`,
  noTimer: 'none',
}

/** What is wrong with a connection, if anything is. */
export const diagnosisMessages = {
  waiting: 'It waits in the accept queue: no program has accepted it.',
  'peer-not-reading': 'The client has stopped reading.',
  retransmitting: 'The kernel sends again what the client has not acknowledged.',
  'not-closed': 'The client has closed its side, our side has not.',
  unread: 'Data waits that the program has not read.',
  'reading-stopped': 'We do not read; nothing waits yet.',
  'our-side-closed': 'We have closed our side, the client has not closed its own.',
  idle: 'Nothing has moved for long.',
  healthy: 'Nothing stands out: both queues are empty.',
  unknown: 'The kernel’s facts are missing, so there is nothing to go by.',
  over: 'It is over.',
}

/** What a diagnosis goes by. */
export const evidenceMessages = {
  sendQueue: (bytes: string, rising: boolean) =>
    `${bytes} wait in the send queue${rising ? ', and they get more' : ''}`,
  recvQueue: (bytes: string) => `${bytes} wait in the receive queue`,
  readingPaused: 'reading was stopped by hand',
  persist: 'the kernel probes the closed window (timer: persist)',
  window: 'the window the client offers is 0',
  retransmits: (count: number, formatted: string) =>
    `${formatted} ${plural(count, { one: 'segment', other: 'segments' })} sent again so far`,
  retransmitTimer: (time: string) => `the next try is in ${time}`,
  closeWait: (time: string | null) => `CLOSE_WAIT${time === null ? '' : ` for ${time}`}`,
  finWait2: 'FIN_WAIT_2: our FIN is acknowledged',
  inode: 'inode 0: no process holds the socket',
  idle: (time: string) => `no byte for ${time}`,
}
