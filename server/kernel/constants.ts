/** Address families (socket(7)). */
export const AF_INET = 2
export const AF_INET6 = 10

/** The port as /proc/net/tcp writes it at the end of an endpoint (proc(5)): `:1F90` for 8080. */
export function procPortSuffix(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`
}
