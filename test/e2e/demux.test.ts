import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../shared/demux.ts'
import { findNamespaces, inNamespace } from '../support/namespace.ts'
import { isMissing, titleWith } from '../tools.ts'

const namespaces = findNamespaces()

describe.skipIf(isMissing(namespaces))(titleWith('which socket gets this packet', namespaces), () => {
  test('what the rules predict for random sockets is what the kernel does', async () => {
    const seed = String(Math.floor(Math.random() * 2 ** 31))
    const addresses = ['192.168.0.1/24', 'fd00::1/64']
    const tried = await inNamespace<Record<Verdict, number>>('demux.ts', addresses, seed)
    // Every verdict has been tried.
    expect(tried.connected, `seed ${seed}`).toBeGreaterThan(0)
    expect(tried.listening, `seed ${seed}`).toBeGreaterThan(0)
    expect(tried.reset, `seed ${seed}`).toBeGreaterThan(0)
  })
})
