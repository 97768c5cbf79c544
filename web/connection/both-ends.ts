import type { Connection } from '../../shared/connection.ts'
import { sameAddress } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'

/** The two sockets of a connection, side by side in words: the client's, then the server's. */
export type EndsLine = [label: string, client: string, server: string]

type Facts = Pick<Connection, 'kernel' | 'forgottenAt' | 'otherEnd' | 'pid' | 'fd'>

/** @returns null without the client's own socket */
export function bothEnds({ kernel, forgottenAt, otherEnd, pid, fd }: Facts): EndsLine[] | null {
  if (otherEnd === null) return null
  const text = messages.connection.bothEnds
  const { fields, bytes } = text
  const gone = forgottenAt === undefined ? text.notSampled : text.gone
  const own = (value: (facts: NonNullable<Connection['kernel']>) => string) => (kernel === null ? gone : value(kernel))
  const none = messages.connection.kernel.empty
  const queue = (length: number, what: (bytes: string) => string) => (length === 0 ? none : what(formatBytes(length)))
  return [
    [fields.state, otherEnd.tcpState, own(({ tcpState }) => tcpState)],
    [
      fields.program,
      ownerText(otherEnd.owner),
      own(({ inode }) => (inode === 0 || fd === null ? text.nobody : text.oneport(String(pid), String(fd)))),
    ],
    [fields.recvQueue, queue(otherEnd.recvQueue, bytes.unread), own(({ recvQueue }) => queue(recvQueue, bytes.unread))],
    [fields.sendQueue, queue(otherEnd.sendQueue, bytes.unsent), own(({ sendQueue }) => queue(sendQueue, bytes.unsent))],
    [fields.inode, String(otherEnd.inode), own(({ inode }) => String(inode))],
  ]
}

/** Why the client's own socket is not shown, in words. @param canSample whether such sockets can be sampled here */
export function whyNoClient(
  record: Pick<Row, 'local' | 'remote' | 'close' | 'otherEndGone'>,
  canSample: boolean,
): string {
  const text = messages.connection.bothEnds
  if (!canSample) return text.unknown
  if (record.otherEndGone) return text.clientGone
  // After the close its socket may still exist, without a socket of the port that it could be paired with.
  if (record.close !== null) return text.over
  return isHere(record) ? text.local : text.none
}

/** Whether the client is surely on this machine, by its address. */
function isHere({ local, remote }: Pick<Connection, 'local' | 'remote'>): boolean {
  return remote.address.startsWith('127.') || sameAddress(remote.address, local.address)
}

function ownerText(owner: NonNullable<Connection['otherEnd']>['owner']): string {
  const text = messages.connection.bothEnds
  if (owner === null) return text.nobody
  const { pid, command, user } = owner
  if (pid !== null && command !== null) return text.program(command, String(pid), user)
  return user === null ? text.unseen : text.ofUser(user)
}
