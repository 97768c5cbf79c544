/** Address families (socket(7)). */
export const AF_INET = 2
export const AF_INET6 = 10

/** The end of each line's endpoint with this port in /proc/net/tcp (proc(5)), such as `:1F90`. */
export function procPortSuffix(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
