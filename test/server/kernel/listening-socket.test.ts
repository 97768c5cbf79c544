import { closeSync, fstatSync, openSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openListeningSocket } from '../../../server/kernel/listening-socket.ts'
import { loadLibc } from '../../../server/libc.ts'

const libc = await loadLibc()
const WANTED = { host: '127.0.0.1', port: 0, backlog: 1, keepaliveMs: 60_000 }

test.skipIf(libc === null)('a listening socket that is closed twice closes no other descriptor', () => {
  const socket = openListeningSocket(libc ?? expect.unreachable(), WANTED)
  socket.close()
  const opened: number[] = []
  onTestFinished(() => opened.forEach((fd) => closeSync(fd)))
  // The kernel gives out the lowest free number.
  while (!opened.includes(socket.fd)) opened.push(openSync('/dev/null', 'r'))
  socket.close()
  expect(fstatSync(socket.fd).isCharacterDevice()).toBe(true)
})
