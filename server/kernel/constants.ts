/** Address families (socket(7)). */
export const AF_INET = 2
export const AF_INET6 = 10

/** How an endpoint on this port ends in /proc/net/tcp (proc(5)): `:1F90`. */
export function procPortSuffix(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
