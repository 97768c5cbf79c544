// linux/netlink.h and linux/sock_diag.h.

export const AF_NETLINK = 16
export const SOCK_RAW = 3
/** The level of a socket's own options (socket(7)). */
export const SOL_SOCKET = 1
export const SOCK_CLOEXEC = 0o2000000
export const NETLINK_SOCK_DIAG = 4
export const NLMSG_HEADER = 16
export const SOCK_DIAG_BY_FAMILY = 20

/** Messages and attributes begin at multiples of four bytes. */
export function align(size: number): number {
  return (size + 3) & ~3
}
