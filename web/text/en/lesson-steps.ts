/** The steps' ids, tasks and answers are the lesson's own: lesson/words.ts checks that each of them has its words here. */
interface StepWords<Answer extends PropertyKey = string, Task extends PropertyKey = string> {
  title: string
  text: (port: string) => string
  question: string | null
  /** What a question with parts asks about; each part has the same answers. */
  parts?: Record<string, string>
  answers: Record<Answer, string>
  /** What a task waits for (`ip`: the first client's address), and its button. */
  tasks: Record<Task, { wait: (ip: string | null) => string; button: string }>
  /** What the evidence shows. */
  means: string
  /** A common belief and what the evidence says against it. */
  belief: {
    wrong: string
    /** `needed`: how many addresses with so many ports would pass 65,535 connections; null: they were passed. */
    right: (values: { port: string; sockets: string; ports: string; needed: string | null }) => string
  } | null
}

/** The other languages have the same answers and tasks, in functions of the same parameters. */
type SameSteps<T extends Record<string, StepWords>> = {
  [S in keyof T]: StepWords<keyof T[S]['answers'], keyof T[S]['tasks']>
}

const english = {
  listening: {
    title: 'The listening socket',
    text: (port) =>
      `The server has called socket(), bind() and listen(). This created one listening socket on port ${port}. The socket waits for clients and carries no data: in the kernel’s table it has no remote address and no byte counters.`,
    question: null,
    answers: {},
    tasks: {
      look: { wait: () => 'a socket in LISTEN, in the kernel’s table, with the inode the server reports', button: '' },
    },
    means:
      'Server and kernel report the same inode, the kernel’s number for a socket. So both refer to the same socket. Its accept queue holds no data: it holds clients waiting for accept().',
    belief: null,
  },
  first: {
    title: 'Your first connection',
    text: () =>
      'Connect one client. The kernel completes the handshake, and accept() gives the server a new socket just for this client. The listening socket stays as it is.',
    question: 'Which local port will your connection’s socket have on the server?',
    answers: { same: 'The listening socket’s port', new: 'A new port, just for me', client: 'My client’s port' },
    tasks: {
      first: { wait: () => 'a new connection, ESTABLISHED in the kernel’s table', button: 'Connect a client' },
    },
    means: 'The socket is new: it has its own descriptor and inode. Its local port is the port you connected to.',
    belief: {
      wrong: 'The server opens a new port for each client.',
      right: ({ port }) =>
        `Your socket and the listening socket have the same local port, ${port}. The socket is new, the port isn’t.`,
    },
  },
  second: {
    title: 'A second connection from one machine',
    text: () =>
      'Two connections from one machine, at the same time. With nc, keep the first one open and use another terminal. The button connects as many as are missing.',
    question: 'Two connections to one port: which of these will differ?',
    answers: { 'local-port': 'The server’s port', 'remote-ip': 'The client’s IP', 'remote-port': 'The client’s port' },
    tasks: {
      second: {
        wait: (ip) => `a second connection from ${ip ?? 'the same IP'} while the first is open`,
        button: 'Connect another client',
      },
    },
    means:
      'A connection is identified by its 4-tuple: client IP, client port, server IP and server port. The client’s kernel gave the second socket a different port. One difference out of four is enough to tell the connections apart.',
    belief: null,
  },
  textbook: {
    title: 'The textbook’s two clients',
    text: () =>
      'In textbooks, two clients connect from 192.168.0.100:50000 and 192.168.0.101:50001. Here both addresses belong to one machine. A client can choose its own port (nc -p).',
    question: 'Both are connected. How many sockets does the server hold on this port?',
    answers: {
      1: 'One: they share the port',
      2: 'Two: one for each client',
      3: 'Three: one for each client and one that listens',
    },
    tasks: {
      'port-0': { wait: () => 'a connection from port 50000', button: 'Connect from 50000' },
      'port-1': { wait: () => 'a connection from port 50001', button: 'Connect from 50001' },
    },
    means:
      'The server holds three sockets on one port: one listens, and each client has one. Each client holds a socket of its own, too.',
    belief: null,
  },
  'same-port': {
    title: 'The same client port from two IPs',
    text: () => 'Now two clients use the same port, each on its own IP. Only one of the four values differs.',
    question: 'What happens to the second client?',
    answers: {
      accepted: 'It is accepted',
      refused: 'It is refused: the port is in use',
      replaced: 'It replaces the first',
    },
    tasks: {
      'same-0': { wait: () => 'a connection from one IP', button: 'Connect from one IP' },
      'same-1': {
        wait: () => 'a connection with the same client port from another IP',
        button: 'Connect from another IP',
      },
    },
    means:
      'The client ports are equal but the IPs aren’t, so the 4-tuples differ. Each client IP has its own 65,535 ports and uses none of the server’s.',
    belief: null,
  },
  'same-tuple': {
    title: 'The same 4-tuple twice',
    text: () =>
      'Now all four values are the same. Only the page can do this: nc can’t bind an address and port that are already in use.',
    question: 'A second client uses the same 4-tuple while the first is open. What happens?',
    answers: {
      accepted: 'It is accepted',
      refused: 'The kernel refuses it',
      replaced: 'The first connection is dropped',
    },
    tasks: {
      tuple: { wait: () => 'a built-in client to be accepted', button: 'Connect a client' },
      twice: {
        wait: () => 'the kernel’s answer to a second client with the same 4-tuple',
        button: 'Reuse the 4-tuple',
      },
    },
    means:
      'The kernel couldn’t tell two sockets with one 4-tuple apart, so it refuses the second: EADDRNOTAVAIL, no such address and port is free. The client’s own kernel did this before sending a packet, so the server never saw it. The first connection is unaffected.',
    belief: null,
  },
  which: {
    title: 'Which socket gets this packet?',
    text: () =>
      'Two clients connect to this port. Then the first one sends 12 bytes. They go to the address and port that all packets of both clients go to.',
    question: 'Which socket gets the 12 bytes?',
    answers: {
      listening: 'The listening socket, which passes them on',
      own: 'The first client’s own socket',
      newest: 'The socket that connected last',
    },
    tasks: {
      packet: {
        wait: () => '12 bytes to arrive on exactly one socket',
        button: 'Connect two and send',
      },
      syn: {
        wait: () => 'a SYN with a new 4-tuple, and the connection it opens',
        button: 'Send a SYN from a new port',
      },
    },
    means:
      'The kernel first looks for a connected socket whose 4-tuple matches the packet. If there is none and the packet is a SYN, the listening socket gets it. By these rules the page had predicted both results.',
    belief: {
      wrong: 'The listening socket receives the data and passes it on.',
      right: () =>
        'Only the connected socket counted the bytes. The listening socket has no buffer for data: its queue holds clients, not bytes.',
    },
  },
  queue: {
    title: 'The accept queue',
    text: () =>
      'The kernel does the handshake; the server calls accept(). Stop accepting and see what happens to new clients. Open connections are unaffected.',
    question: 'Clients connect while the server doesn’t call accept(). What happens?',
    answers: {
      refused: 'They are refused',
      handshake: 'They connect and wait in a queue',
      lost: 'They get no answer',
    },
    tasks: {
      stop: { wait: () => 'the server to stop accepting', button: 'Stop accepting' },
      wait: { wait: () => 'a socket in the accept queue: ESTABLISHED, inode 0', button: 'Connect three clients' },
      again: { wait: () => 'the queued sockets to get a descriptor and an inode', button: 'Resume accepting' },
    },
    means:
      'The kernel completed the handshakes without the server. Later, accept() took the connections from the queue and gave each a descriptor and an inode.',
    belief: null,
  },
  closing: {
    title: 'FIN, half-close and RST',
    text: () =>
      'A FIN ends one direction; an RST ends both at once. After both FINs, the 4-tuple is kept for a minute: TIME_WAIT. First the client sends FIN, and the server closes only when you let it.',
    question: 'One side closes first. Which kernel keeps the 4-tuple in TIME_WAIT?',
    answers: {
      first: 'The kernel of the side that closes first',
      second: 'The kernel of the other side',
      both: 'Both',
    },
    tasks: {
      half: {
        wait: () => 'CLOSE_WAIT: the client has sent FIN, the server program hasn’t called close()',
        button: 'Client sends FIN',
      },
      release: {
        wait: () => 'the server to close: until then its socket stays in CLOSE_WAIT',
        button: 'Let the server close',
      },
      fin: { wait: () => 'TIME_WAIT: the server closed first', button: 'Server closes first' },
      reset: { wait: () => 'an RST from a client, and no socket left in the kernel', button: 'Client resets' },
    },
    means:
      'CLOSE_WAIT means that the server program still has to call close(). The side that closes first keeps the 4-tuple in TIME_WAIT for a minute, so that late packets can’t reach a new connection. An RST leaves nothing behind.',
    belief: null,
  },
  exhausted: {
    title: 'When the ports run out',
    text: () =>
      'Now very many clients connect: from one address until its kernel refuses, then from the next address. They are built-in clients, as many as the server has room for. That takes some seconds.',
    question: 'One address connects to this port again and again. What runs out?',
    answers: {
      'server-port': 'The server’s port: it is full',
      'client-ports': 'The client’s ports',
      descriptors: 'The server’s descriptors',
    },
    tasks: {
      crowd: {
        wait: () => 'an address that its kernel refuses, and another one that still connects',
        button: 'Connect as many as fit',
      },
    },
    means:
      'EADDRNOTAVAIL comes from the client’s kernel, which needs a free port of its own for each connection to the same server endpoint. The next address has all its ports. On the server only the number of sockets grew: its limits are memory and descriptors.',
    belief: {
      wrong: 'A server can have at most 65,535 connections.',
      right: ({ port, sockets, ports, needed }) =>
        needed === null
          ? `${sockets} connections were on port ${port} at the same time, from addresses with ${ports} ports each.`
          : `The server had room for ${sockets}, but not because of ports: they came from only ${ports} ports of each address. ${needed} addresses with as many would make more than 65,535.`,
    },
  },
  conclusion: {
    title: 'One port, many sockets',
    text: () =>
      'Your open connections count too. Connect four more clients from two IPs and two ports, then look at all sockets at once.',
    question: 'How many connections can one port of a server have?',
    answers: { ports: 'At most 65,535, one per port', tuples: 'As many as 4-tuples and memory allow' },
    tasks: {
      all: {
        wait: () => 'one more connection, with at least three of yours open at the same time',
        button: 'Connect four clients',
      },
    },
    means: 'Each socket has its own inode, descriptor and remote endpoint. All have the same local port.',
    belief: {
      wrong: 'A server can have at most 65,535 connections.',
      right: ({ sockets, ports }) =>
        `Here ${sockets} connections use one server port and ${ports} client ports. Any part of a 4-tuple can repeat as long as another part differs. The limits are memory and descriptors.`,
    },
  },
  proxy: {
    title: 'A proxy with 30,000 users',
    text: () =>
      'A reverse proxy has 30,000 users, whose connections end at the proxy. For each user it opens a connection from its one IP to the same backend address and port. Linux has 28,232 client ports by default. Here built-in clients play the proxy, as many as the server has room for.',
    question: 'How far does the proxy get?',
    answers: {
      all: 'All 30,000 connect: a port has no limit',
      'server-port': 'It stops when the backend’s port is full',
      'this-backend': 'Its ports to this backend address run out; for another address they work',
      machine: 'Its ports run out; it can’t connect to any address',
    },
    tasks: {
      users: { wait: () => 'a proxy IP that its kernel refuses', button: 'Connect the users' },
      backend: {
        wait: () => 'one of its client ports, connected to a second backend address',
        button: 'Use a port again for a second backend address',
      },
    },
    means:
      'A client port is used up only for one backend address and port. The backend’s port isn’t used up at all. A second backend address or port, or a second proxy IP, gives as many connections again.',
    belief: null,
  },
  services: {
    title: 'Two services, one port number',
    text: (port) =>
      `This server listens on port ${port}. A second program on this machine wants to listen on the same port number. The server tries it with more listening sockets, and closes them at once.`,
    question: 'Can two programs listen on one TCP port number at the same time?',
    answers: {
      never: 'No: a port belongs to one program',
      address: 'Yes, if each listens on its own IP address',
      always: 'Yes: the kernel divides the clients among them',
    },
    tasks: {
      binds: {
        wait: () => 'two sockets that listen on one port number, and a third that the kernel refuses',
        button: 'Open more listening sockets',
      },
    },
    means:
      'Address and port together must be unique among listening sockets. 0.0.0.0 and [::] stand for every address, so they leave none for a second program. Two exceptions: UDP has its own port numbers, and with SO_REUSEPORT programs of one user can share both.',
    belief: null,
  },
  tuples: {
    title: 'Three sockets, two packets',
    text: (port) =>
      `Port ${port} has three connections from two IPs, A and B, and the listening socket. Then B sends two packets.`,
    question: 'Which socket gets each packet?',
    parts: { data: 'Data from B:20001', syn: 'A SYN from B:20002' },
    answers: {
      one: 'Socket 1',
      two: 'Socket 2',
      three: 'Socket 3',
      listening: 'Listening socket',
      none: 'None: RST',
    },
    tasks: {
      deliver: { wait: () => 'data that arrives on exactly one of three sockets', button: 'Connect three and send' },
      knock: { wait: () => 'a SYN, and the connection it opens', button: 'Send the SYN' },
    },
    means:
      'All four values of the 4-tuple must match. Socket 1 has the client port of the data, but another IP. The SYN has the IP of socket 2 and the port of socket 3; no socket has both, so the listening socket gets it. By these rules the page had predicted both results.',
    belief: null,
  },
} satisfies Record<string, StepWords>

/** Texts of the steps of the lesson. */
export const lessonSteps: SameSteps<typeof english> = english
