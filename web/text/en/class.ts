import { plural } from './plural.ts'

/** Texts of what a class needs. */
export const classMessages = {
  mine: {
    button: 'Which is mine?',
    heading: 'Which one is mine?',
    label: 'Your end of the connection, or the whole greeting',
    find: 'Find',
    help: 'The first line in your terminal says it: “You are 192.168.0.100:50000 …”. Paste it as it is.',
    unreadable: 'There is no IP with a port in this. It looks like 192.168.0.100:50000.',
    same: (address: string) => `Or one of the connections from ${address}, like this page:`,
    none: 'no such connection here',
    gone: (how: string) => `gone: ${how}`,
    show: 'Show it',
    forget: 'Point it out no longer',
  },
  projector: {
    open: 'Projector',
    leave: 'Leave the projector mode (Esc)',
    more: (formatted: string) => `${formatted} more`,
    nothing: 'Waiting for the next event',
  },
  board: {
    label: 'Connections by client address',
    open: 'Show these connections in the list',
    live: (_count: number) => 'live',
    states: {
      open: (formatted: string) => `${formatted} open`,
      half: (formatted: string) => `${formatted} half-closed`,
      closed: (formatted: string) => `${formatted} closed`,
    },
    ports: 'Client ports',
    left: (count: number, formatted: string, live: string) =>
      `Not shown: ${formatted} more ${plural(count, { one: 'address', other: 'addresses' })} with ${live} live connections. The list has them all.`,
  },
  join: {
    button: 'Class',
    heading: 'Invite a class',
    asking: 'Asking the server …',
    closed:
      'Only this machine reaches the dashboard as it was started. To let a class look on, start oneport for other machines, with a token: who has the token acts, and the link made here only lets look.',
    lead: 'Students scan the code or type the address. They see all of this page and change nothing.',
    open: 'No token is set (ONEPORT_TOKEN=none): whoever reaches the dashboard may send, close and reset, not only look.',
    code: 'QR code of the link',
    noCode: 'Type an address that students can reach.',
    address: 'Address that students reach',
    addresses: 'Addresses of this machine',
    placeholder: '192.168.0.1:3000',
    link: 'Link, read-only',
    openLink: 'Link',
    copy: 'Copy link',
    connect: 'Students connect with',
    problems: {
      unreadable: () => 'This cannot be read as an address: type a name or an IP, and a port.',
      loopback: (host: string) => `${host} means the student’s own machine. Take an address of this one.`,
      refused: (host: string) =>
        `The server will answer 403 HOST_NOT_ALLOWED to ${host}: it does not know this name as its own. Start it with --allow-host ${host} (ONEPORT_ALLOW_HOST=${host}).`,
    } satisfies Record<string, (host: string) => string>,
    more: 'The link shows captured bytes too, of every connection. It works until the server is started with another token. With --capture-bytes 0 no bytes are kept.',
    openMore:
      'To let everybody only look, you too, start with --read-only. With a token instead, you act and the class looks:',
    startAnew: 'Start with a token',
    start: {
      begin: 'Stop oneport and start it so that other machines reach the dashboard:',
      docker: 'or with Docker on Linux, on the host’s own network, so that clients keep their addresses:',
      then: 'Open the dashboard with the token, and “Class” again:',
      token: 'The token was made in this page just now and is nowhere else; any other will do. Keep it to yourself.',
    },
  },
}
