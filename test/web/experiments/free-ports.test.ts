import { expect, test } from 'vitest'
import { EXPERIMENTS } from '../../../web/experiments/experiments.ts'
import { inTheWay, withFreePorts } from '../../../web/experiments/free-ports.ts'
import { connection, NOW } from '../live/rows.ts'
import { Row } from '../../../web/live/row.ts'

const LOCAL = { address: '127.0.0.1', port: 8080 }

function row(id: number, address: string, port: number, how: 'fin' | 'reset' | null = null): Row {
  const close = how && ({ at: NOW, by: 'peer', how, reset: null, code: null, evidence: null } as const)
  const state = close === null ? 'open' : 'closed'
  return new Row(connection(id, { local: LOCAL, remote: { address, port }, state, close }))
}

function clientsOf(id: string) {
  return EXPERIMENTS.find((experiment) => experiment.id === id)?.clients ?? []
}

test('while other clients have the endpoints of an experiment, it takes the next ports, the same for both clients', () => {
  const ports = (...rows: Row[]) => withFreePorts(clientsOf('same-port'), rows).map(({ from }) => from?.port)
  expect(ports()).toEqual([50_000, 50_000])
  expect(ports(row(1, '127.0.0.9', 50_000))).toEqual([50_000, 50_000])
  expect(ports(row(1, '127.0.0.3', 50_000))).toEqual([50_010, 50_010])
  expect(ports(row(1, '127.0.0.3', 50_000), row(2, '127.0.0.2', 50_010))).toEqual([50_020, 50_020])
})

test('after FIN the endpoint may still be in TIME_WAIT, after RST it is free', () => {
  const port = (how: 'fin' | 'reset') =>
    withFreePorts(clientsOf('same-tuple'), [row(1, '127.0.0.2', 50_002, how)])[0]?.from?.port
  expect(port('fin')).toBe(50_012)
  expect(port('reset')).toBe(50_002)
})

test('clients whose ports the kernel chooses stay as they are', () => {
  expect(withFreePorts(clientsOf('fin'), [row(1, '127.0.0.1', 50_000)])).toEqual([{}])
})

test('what is in the way of a refused client is the live connection with its whole 4-tuple', () => {
  const wish = { from: { address: '127.0.0.2', port: 50_000 }, to: { address: '127.0.0.1' } }
  expect(inTheWay(wish, [row(3, '127.0.0.2', 50_000)])?.id).toBe(3)
  expect(inTheWay({ ...wish, to: { address: '127.0.0.3' } }, [row(3, '127.0.0.2', 50_000)])).toBeNull()
  expect(inTheWay(wish, [row(3, '127.0.0.2', 50_000, 'reset')])).toBeNull()
  expect(inTheWay({}, [row(3, '127.0.0.2', 50_000)])).toBeNull()
})
