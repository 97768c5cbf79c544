import { describe, expect, test } from 'vitest'
import { type DemuxSocket, describeStep, lookup, type Packet } from '../../shared/demux.ts'
import { parseEndpoint } from '../../shared/endpoint.ts'
import type { TcpState } from '../../shared/kernel.ts'

function at(text: string) {
  const endpoint = parseEndpoint(text)
  if (endpoint === null) throw new Error(text)
  return endpoint
}

function listening(local: string, dualStack = false): DemuxSocket {
  return { local: at(local), remote: at('0.0.0.0:0'), tcpState: 'LISTEN', inode: 1, dualStack }
}

function connected(remote: string, local: string, tcpState: TcpState = 'ESTABLISHED', inode = 2): DemuxSocket {
  return { local: at(local), remote: at(remote), tcpState, inode }
}

function packet(remote: string, local: string, syn: boolean): Packet {
  return { remote: at(remote), local: at(local), syn }
}

function verdict(sockets: DemuxSocket[], remote: string, local: string, syn = true) {
  const { verdict, socket, steps } = lookup(packet(remote, local, syn), sockets)
  return { verdict, index: socket === null ? null : sockets.indexOf(socket), steps: steps.map(({ step }) => step) }
}

const CLIENT = '127.0.0.2:50000'
const SERVER = '127.0.0.1:8080'

describe('a packet reaches', () => {
  test('the socket with exactly its 4-tuple before any listening one', () => {
    const sockets = [listening(SERVER), listening('0.0.0.0:8080'), connected(CLIENT, SERVER)]
    expect(verdict(sockets, CLIENT, SERVER, false)).toEqual({ verdict: 'connected', index: 2, steps: ['tuple'] })
  })

  test('a socket that still waits to be accepted like any connected one', () => {
    expect(verdict([connected(CLIENT, SERVER, 'ESTABLISHED', 0)], CLIENT, SERVER, false).verdict).toBe('connected')
  })

  test('a TIME_WAIT of its 4-tuple', () => {
    expect(verdict([connected(CLIENT, SERVER, 'TIME_WAIT', 0)], CLIENT, SERVER).verdict).toBe('time-wait')
  })

  test('a socket that listens on its exact address before one on every address', () => {
    const sockets = [listening('0.0.0.0:8080'), listening(SERVER)]
    expect(verdict(sockets, CLIENT, SERVER)).toEqual({
      verdict: 'listening',
      index: 1,
      steps: ['tuple', 'address', 'syn'],
    })
  })

  test('the IPv4 wildcard before a dual-stack one, in either order', () => {
    const [four, six] = [listening('0.0.0.0:8080'), listening('[::]:8080', true)]
    expect(verdict([four, six], CLIENT, SERVER).index).toBe(0)
    expect(verdict([six, four], CLIENT, SERVER).index).toBe(1)
  })

  test('a dual-stack socket as IPv4, but not one that is for IPv6 only', () => {
    expect(verdict([listening('[::]:8080', true)], CLIENT, SERVER).verdict).toBe('listening')
    expect(verdict([listening('[::]:8080', false)], CLIENT, SERVER).verdict).toBe('reset')
    expect(verdict([listening('[::]:8080', false)], '[::1]:50000', '[::1]:8080').verdict).toBe('listening')
  })

  test('nothing when it is for another port', () => {
    const { verdict: answer, steps } = verdict([listening('0.0.0.0:8080')], CLIENT, '127.0.0.1:8081')
    expect([answer, steps]).toEqual(['reset', ['tuple', 'address', 'any']])
  })

  test('no listening socket unless it is a SYN', () => {
    const answer = verdict([listening('0.0.0.0:8080')], CLIENT, SERVER, false)
    expect(answer).toEqual({ verdict: 'reset', index: null, steps: ['tuple', 'address', 'any', 'syn'] })
  })

  test('another socket when only the client port differs', () => {
    const sockets = [connected(CLIENT, SERVER), connected('127.0.0.2:50001', SERVER)]
    expect(verdict(sockets, '127.0.0.2:50001', SERVER, false).index).toBe(1)
  })
})

test('each step is described in words', () => {
  const asked = packet(CLIENT, SERVER, false)
  const words = lookup(asked, [listening('0.0.0.0:8080')]).steps.map((step) => describeStep(step, asked))
  expect(words).toEqual([
    'no socket has the 4-tuple 127.0.0.2:50000 -> 127.0.0.1:8080',
    'no socket listens on 127.0.0.1:8080 itself',
    'a socket listens on port 8080 of every address (0.0.0.0:8080)',
    'the packet is not a SYN, and a listening socket accepts only SYNs: the kernel answers with RST',
  ])
})
