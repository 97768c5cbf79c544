/** Declared here because the page's tests are checked without Node's types. */
declare const process: {
  threadCpuUsage(before?: { user: number; system: number }): { user: number; system: number }
}

/** The CPU time that a call takes in this thread, in milliseconds. Other processes on the machine do not change it. */
export function cpuMs(run: () => void): number {
  const before = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
