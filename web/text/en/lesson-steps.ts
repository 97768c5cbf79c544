/** The steps' ids, tasks and answers are the lesson's own: lesson/words.ts checks that each of them has its words here. */
interface StepWords<Answer extends PropertyKey = string, Task extends PropertyKey = string> {
  title: string
  text: (port: string) => string
  question: string | null
  answers: Record<Answer, string>
  /** What a task waits for (`ip`: the first client's address), and its button. */
  tasks: Record<Task, { wait: (ip: string | null) => string; button: string }>
  /** What the evidence means. */
  means: string
  /** What is commonly believed, and why it is wrong, against the evidence. */
  belief: { wrong: string; right: (values: { port: string; sockets: string; ports: string }) => string } | null
}

/** The other languages have the same answers and tasks, in functions of the same parameters. */
type SameSteps<T extends Record<string, StepWords>> = {
  [S in keyof T]: StepWords<keyof T[S]['answers'], keyof T[S]['tasks']>
}

const english = {
  listening: {
    title: 'The listening socket waits',
    text: (port) =>
      `The server has called socket(), bind() and listen(). Since then it has one listening socket on port ${port}. It waits for clients and carries no data: in the kernel’s table it has no remote address and no byte counters.`,
    question: null,
    answers: {},
    tasks: {
      look: { wait: () => 'the kernel to show a socket in LISTEN with the inode that the server knows', button: '' },
    },
    means:
      'Server and kernel name the same inode, the kernel’s number for a socket, so both speak of the same one. Its queue is no data: it counts clients that wait for accept().',
    belief: null,
  },
  first: {
    title: 'Your first connection',
    text: () =>
      'Connect once. The kernel does the handshake, and accept() gives the server a new socket for you alone. The listening socket stays where it was.',
    question: 'Which local port will your socket have at the server?',
    answers: { same: 'The listening socket’s port', new: 'A new port, just for me', client: 'The port my client has' },
    tasks: {
      first: { wait: () => 'a new connection that the kernel shows in ESTABLISHED', button: 'Connect a client' },
    },
    means: 'A new socket: a descriptor and an inode of its own. And the local port is the one you connected to.',
    belief: {
      wrong: 'The server opens a new port for each client.',
      right: ({ port }) =>
        `Your socket’s local port is ${port}, and so is the listening socket’s. What is new is the socket, not the port.`,
    },
  },
  second: {
    title: 'A second one from the same machine',
    text: () =>
      'Now two connections from the same machine. With nc, leave the first one open and take a second terminal.',
    question: 'Two connections to one port. Which of these will differ?',
    answers: { 'local-port': 'The server’s port', 'remote-ip': 'The client’s IP', 'remote-port': 'The client’s port' },
    tasks: {
      second: {
        wait: (ip) => `a second connection from ${ip ?? 'the same IP'}, while the first one is open`,
        button: 'Connect another client',
      },
    },
    means:
      'A connection is known by four numbers, its 4-tuple: IP and port of the client, IP and port of the server. The client’s system gave its second socket another port. Three of the four are the same; one is enough to tell the connections apart.',
    belief: null,
  },
  textbook: {
    title: 'The textbook’s two clients',
    text: () =>
      'In textbooks, two clients connect from 192.168.0.100:50000 and 192.168.0.101:50001. Here they are two addresses of one machine. A client may choose its own port (nc -p).',
    question: 'How many sockets does it take for these two?',
    answers: {
      1: 'One: they share the port',
      2: 'Two: one for each client',
      3: 'Three: one for each, and one that listens',
    },
    tasks: {
      'port-0': { wait: () => 'a connection from port 50000', button: 'Connect from 50000' },
      'port-1': { wait: () => 'a connection from port 50001', button: 'Connect from 50001' },
    },
    means: 'One listening socket and two connected ones: three sockets, three inodes, one port.',
    belief: null,
  },
  'same-port': {
    title: 'The same client port from two IPs',
    text: () => 'Now two clients choose the same port, each on its own IP. Only one of the four numbers will differ.',
    question: 'What happens to the second client?',
    answers: {
      accepted: 'It is accepted',
      refused: 'It is refused: the port is in use',
      replaced: 'It takes the place of the first',
    },
    tasks: {
      'same-0': { wait: () => 'a connection from one IP', button: 'Connect from one IP' },
      'same-1': {
        wait: () => 'one with the same client port from another IP',
        button: 'The same port from another IP',
      },
    },
    means:
      'The ports are equal, the IPs are not: the 4-tuples differ. Each client machine has all 65,535 ports for itself, and uses up none of the server’s.',
    belief: null,
  },
  'same-tuple': {
    title: 'The same 4-tuple twice',
    text: () => 'Now all four numbers are the same. The page does this one: nc does not share its endpoint.',
    question: 'The same 4-tuple once more, while the first is open. What happens?',
    answers: {
      accepted: 'It is accepted',
      refused: 'The kernel refuses it',
      replaced: 'The first one is thrown out',
    },
    tasks: {
      tuple: { wait: () => 'a client of the page that is accepted', button: 'Connect a client' },
      twice: {
        wait: () => 'the kernel’s answer to the same 4-tuple once more, with the first one still open',
        button: 'The same 4-tuple again',
      },
    },
    means:
      'Two sockets with one 4-tuple could not be told apart, so the kernel does not let the second come to be. That was the client’s own kernel, before any packet was sent: the server never heard of it. The first goes on.',
    belief: null,
  },
  which: {
    title: 'Which socket gets this packet?',
    text: () =>
      'The kernel compares a packet with its sockets: first with the connected ones, all four numbers. Only if none fits and the packet is a SYN, the first packet of a handshake, the listening socket gets it. Two clients connect, and the first of them sends 12 bytes.',
    question: 'Which socket gets the 12 bytes?',
    answers: {
      listening: 'The listening one, which passes them on',
      own: 'The first client’s own socket',
      newest: 'The one that connected last',
    },
    tasks: {
      packet: {
        wait: () => '12 bytes that come in on one socket and on no other',
        button: 'Connect two, send from the first',
      },
      syn: {
        wait: () => 'a SYN from an endpoint that no socket knows, and a new connection of it',
        button: 'Send a SYN from a new port',
      },
    },
    means:
      'The rules were asked before, and each packet came where they said: the bytes to the socket with their 4-tuple, the SYN to the listening socket, which made a new one of it.',
    belief: {
      wrong: 'The listening socket receives the data and passes it on.',
      right: () =>
        'The bytes are counted on the connected socket alone. The listening socket has no buffer for them: its queue holds clients, not bytes.',
    },
  },
  queue: {
    title: 'Stop accepting: the queue',
    text: () =>
      'The handshake is the kernel’s work; accept() is the server’s. Stop calling accept() and see what becomes of newcomers. Connections that are open go on.',
    question: 'Clients connect while nobody calls accept(). What happens?',
    answers: {
      refused: 'They are refused',
      handshake: 'They connect, and wait in a queue',
      lost: 'They get no answer',
    },
    tasks: {
      stop: { wait: () => 'the server to stop accepting', button: 'Stop accepting' },
      wait: { wait: () => 'a socket in the accept queue: ESTABLISHED, inode 0', button: 'Connect three clients' },
      again: { wait: () => 'those in the queue to get a descriptor and an inode', button: 'Accept again' },
    },
    means:
      'Their handshakes were done without the server. accept() took finished connections from the queue and gave each a descriptor and an inode.',
    belief: null,
  },
  closing: {
    title: 'FIN, half-close, RST: what remains',
    text: () =>
      'A FIN ends one direction, an RST both at once. What the kernel keeps depends on who closes first. In the first trial our program stops reading for a moment: else it would answer the FIN too fast to be seen.',
    question: 'One side closes first. Whose kernel keeps the 4-tuple in TIME_WAIT?',
    answers: { first: 'That of the side that closes first', second: 'That of the other side', both: 'Both' },
    tasks: {
      half: {
        wait: () => 'CLOSE_WAIT: the client’s FIN is here, our program has not closed',
        button: 'A client sends FIN',
      },
      fin: { wait: () => 'TIME_WAIT: we closed first', button: 'The server closes first' },
      reset: { wait: () => 'an RST from a client, after which the kernel has nothing left', button: 'A client resets' },
    },
    means:
      'CLOSE_WAIT means: our program still has to close. TIME_WAIT keeps the 4-tuple for a minute after we closed first, so that late packets harm no new connection. When the client closes first, TIME_WAIT is on its side. An RST leaves nothing.',
    belief: null,
  },
  conclusion: {
    title: 'One port, many sockets',
    text: () =>
      'Whatever you have connected still counts. Four more clients come from two IPs and two ports. Then look at all of them at one moment.',
    question: 'How many connections can one port of a server have?',
    answers: { ports: '65,535 at most: there are no more ports', tuples: 'As many as there are 4-tuples, and memory' },
    tasks: {
      all: {
        wait: () => 'one more connection, and three of yours open at the same time',
        button: 'Connect four clients',
      },
    },
    means: 'As many inodes, descriptors and remote endpoints as sockets, and one local port.',
    belief: {
      wrong: 'A server can have 65,535 connections at most.',
      right: ({ sockets, ports }) =>
        `Here ${sockets} connections use one server port and ${ports} client ports. A number may repeat as long as another one differs. The limits are memory and descriptors.`,
    },
  },
} satisfies Record<string, StepWords>

/** Texts of the steps of the lesson. */
export const lessonSteps: SameSteps<typeof english> = english
