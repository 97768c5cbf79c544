import { plural } from './plural.ts'

/** Texts for a class: my connection, projector, board, invitation. */
export const classMessages = {
  mine: {
    button: 'Which is mine?',
    heading: 'Which connection is mine?',
    label: 'Your client’s address and port, or the whole greeting',
    find: 'Find',
    help: 'Paste the first line from your terminal, “You are 192.168.0.100:50000 …”, or a line of ss, lsof -nP or netstat -n.',
    unreadable: 'No address and port found. Type them like this: 192.168.0.100:50000.',
    same: (address: string) => `Or pick a connection from ${address}, the address of this browser:`,
    none: 'no such connection',
    gone: (how: string) => `ended: ${how}`,
    show: 'Show',
    forget: 'Stop highlighting',
  },
  projector: {
    events: {
      accepted: 'Accepted',
      firstBytes: 'First bytes from the client',
      halfClosed: 'Client sent FIN: half-closed',
    },
    open: 'Projector',
    leave: 'Leave projector mode (Esc)',
    /** What a class can look at together. */
    rooms: { heading: 'On the projector', connections: 'Newest connections', picture: 'Picture', board: 'Board' },
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
      `Not shown: ${formatted} more ${plural(count, { one: 'address', other: 'addresses' })} (live connections: ${live}). See the list for all.`,
  },
  join: {
    button: 'Class',
    heading: 'Class',
    asking: 'Loading …',
    closed:
      'Right now only this machine can open the dashboard. To invite a class, start oneport with a public dashboard address and a token. The token gives full control; the class link is view-only.',
    lead: 'Students scan the code or type the address. They see the whole page but can’t change anything.',
    open: 'No token is set (ONEPORT_TOKEN=none): anyone who can open the dashboard can also send, close and reset.',
    code: 'QR code of the link',
    noCode: 'Type an address students can reach.',
    address: 'Address for students',
    addresses: 'Addresses of this machine',
    placeholder: '192.168.0.1:3000',
    link: 'View-only link',
    openLink: 'Link',
    copy: 'Copy link',
    connect: 'Students connect with',
    problems: {
      unreadable: () => 'Not an address. Type a name or an IP address, and a port.',
      loopback: (host: string) => `${host} is the student’s own machine. Use an address of this machine.`,
      refused: (host: string) =>
        `The server rejects requests for ${host} (403 HOST_NOT_ALLOWED). Start it with --allow-host ${host} (or ONEPORT_ALLOW_HOST=${host}).`,
    } satisfies Record<string, (host: string) => string>,
    more: 'The link also shows the captured bytes of every connection; --capture-bytes 0 keeps none. It works until the server restarts.',
    openMore:
      'Start with --read-only to make the page view-only for everyone, including you. With a token, you keep full control and the class can only view:',
    startAnew: 'Start with a token',
    start: {
      begin: 'Stop oneport and start it with a dashboard that other machines can open:',
      docker: 'Or with Docker on Linux, on the host network so that clients keep their addresses:',
      then: 'Open the dashboard with the token, then open “Class” again:',
      token:
        'This page has just generated the token and didn’t store it. You can use any other with at least 16 characters. Keep it secret.',
    },
  },
}
