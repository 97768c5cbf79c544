import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { DestroySocket } from '../../../server/kernel/destroy-socket.ts'
import { FINAL_SIZE, finalOf, INFO_NEEDED } from '../../../server/kernel/final.ts'
import { factsOf } from '../../../server/kernel/inet-diag.ts'
import { eachPacked } from '../../../server/kernel/packed.ts'
import { Sampler } from '../../../server/kernel/sampler.ts'
import { loadLibc } from '../../../server/libc.ts'
import type { KernelFacts } from '../../../shared/kernel.ts'
import { connectClient } from '../../support/clients.ts'
import { answering, withoutBothFamilies, withoutTcpDiag, withTcpInfoOf } from '../../support/older-kernel.ts'

const libc = await loadLibc()

/** The size of tcp_info before Linux 5.4, which added the send window. */
const BEFORE_5_4 = 224
/** Before Linux 4.1, which added the bytes acknowledged. */
const BEFORE_4_1 = 120

/** A port with one connection, and the server's socket. */
async function connection(): Promise<{ port: number; socket: Socket }> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = await connectClient(port)
  client.read()
  const [socket] = await accepted
  socket.on('error', () => {})
  return { port, socket }
}

describe.skipIf(libc === null)('on an older kernel', () => {
  const real = libc as NonNullable<typeof libc>

  function facts(port: number, size: number): KernelFacts | undefined {
    const sampler = new Sampler(answering(real, withTcpInfoOf(size)), { address: '127.0.0.1', port })
    onTestFinished(() => sampler.close())
    const { changed, at } = sampler.take()
    return [...eachPacked(changed)].map(([packed, from]) => factsOf(packed, from, at))[0]
  }

  test('fields of tcp_info that it does not have are null, and the others are right', async () => {
    const { port } = await connection()
    const measured = expect.any(Number) as number
    expect(facts(port, BEFORE_5_4)).toMatchObject({ rttMs: measured, congestionWindow: 10, sendWindow: null })
    expect(facts(port, 80)).toMatchObject({
      rttMs: measured,
      congestionWindow: null,
      retransmits: null,
      sendWindow: null,
    })
  })

  test('a dump that the kernel refuses in its last message fails with the errno', async () => {
    const { port } = await connection()
    const sampler = new Sampler(answering(real, withoutTcpDiag), { address: '127.0.0.1', port })
    onTestFinished(() => sampler.close())
    expect(() => sampler.check()).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error)
    expect(() => sampler.take()).toThrow('ENOENT')
  })

  test('a kernel that does not list sockets by their remote port leaves out the clients’ own, and nothing else', async () => {
    const { port } = await connection()
    const sampler = new Sampler(withoutBothFamilies(real), { address: '127.0.0.1', port })
    onTestFinished(() => sampler.close())
    sampler.check()
    expect(sampler.take()).toMatchObject({ total: 1, ends: null })
    const able = new Sampler(real, { address: '127.0.0.1', port })
    onTestFinished(() => able.close())
    able.check()
    expect(able.take()).toMatchObject({ total: 1, ends: { pairs: [expect.any(Number), expect.any(Number)] } })
  })

  test('a close is heard of only if tcp_info has all of its counters', async () => {
    const heard = async (size: number): Promise<number[]> => {
      const { port, socket } = await connection()
      const sockets = [answering(real, withTcpInfoOf(size)), real].map((one) => new DestroySocket(one, port))
      onTestFinished(() => sockets.forEach((one) => one.close()))
      const [older, newer] = sockets
      socket.destroy()
      // The real kernel's message shows when both have theirs.
      await expect.poll(() => newer?.take().packed.length).toBe(FINAL_SIZE)
      const packed = Buffer.from(older?.take().packed ?? [])
      return packed.length === 0 ? [] : [finalOf(packed, 0).remote.port]
    }
    expect(await heard(INFO_NEEDED)).toHaveLength(1)
    expect(await heard(BEFORE_4_1)).toEqual([])
  })
})
