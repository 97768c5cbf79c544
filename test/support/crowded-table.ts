import { Hub } from '../../server/table/hub.ts'
import { ConnectionTable } from '../../server/table/table.ts'
import { comeAndGo, listenTable } from './served-table.ts'

// Run as a process, with V8's options as the server has them: serves a table of as many closed connections as its argument says,
// and sends its port. Asked with any message, it sends the longest turn of the event loop since, in milliseconds of CPU time, on
// which other programs have little effect.

const count = Number(process.argv[2])
const table = new ConnectionTable(count)
const hub = new Hub(table)
const { port } = await listenTable(table, hub)
await comeAndGo(table, hub, count)

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
let [at, longest] = [cpuMs(), 0]
const look = (): void => {
  const now = cpuMs()
  longest = Math.max(longest, now - at)
  at = now
  setImmediate(look)
}
setImmediate(look)
process.on('message', () => process.send?.(longest))
process.on('disconnect', () => process.exit())
process.send?.(port)
