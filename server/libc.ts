import { getSystemErrorMap } from 'node:util'

/** The libc calls that Node does not offer. Linux on 64 bits only. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number
  /** @param length 32-bit, native byte order: in: the size of `value`; out: the number of bytes that the kernel wrote */
  getsockopt(fd: number, level: number, name: number, value: Buffer, length: Buffer): number
  bind(fd: number, address: Buffer, length: number): number
  connect(fd: number, address: Buffer, length: number): number
  listen(fd: number, backlog: number): number
  getsockname(fd: number, address: Buffer, length: Buffer): number
  send(fd: number, data: Buffer, length: number, flags: number): number | bigint
  recv(fd: number, data: Buffer, length: number, flags: number): number | bigint
  inet_pton(family: number, text: string, out: Buffer): number
  dup(fd: number): number
  /** Writes two descriptors into `ends`: of the read end, and of the write end. */
  pipe2(ends: Buffer, flags: number): number
  fcntl(fd: number, command: number, argument: number): number
  memfd_create(name: string, flags: number): number
  close(fd: number): number
  /** SO_ATTACH_FILTER with a classic BPF program: eight bytes for each instruction (socket(7), linux/filter.h). */
  attachFilter(fd: number, program: Buffer): number
  /** Returns free memory between blocks in use to the system (malloc_trim(3)). Only glibc has it. */
  trimHeap(): void
  /** The errno of the last failed call as an Error with `code` and `syscall`, like Node's own errors. */
  failure(syscall: string): NodeJS.ErrnoException
}

const SOL_SOCKET = 1
const SO_ATTACH_FILTER = 26

/** Loads libc with koffi. @returns null without Linux or koffi; callers must say what is then unavailable */
export async function loadLibc(): Promise<Libc | null> {
  if (process.platform !== 'linux') return null
  try {
    const { default: koffi } = await import('koffi')
    const lib = koffi.load(null)
    const program = koffi.struct({ len: 'uint16_t', filter: 'const void *' })
    const trim = optional(() => lib.func('int malloc_trim(size_t pad)'))
    const setFilter = lib.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(program), 'uint32_t'])
    return {
      socket: lib.func('int socket(int domain, int type, int protocol)'),
      setsockopt: lib.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
      getsockopt: lib.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
      bind: lib.func('int bind(int fd, const void *address, uint32_t length)'),
      connect: lib.func('int connect(int fd, const void *address, uint32_t length)'),
      listen: lib.func('int listen(int fd, int backlog)'),
      getsockname: lib.func('int getsockname(int fd, void *address, void *length)'),
      send: lib.func('int64_t send(int fd, const void *data, size_t length, int flags)'),
      recv: lib.func('int64_t recv(int fd, void *data, size_t length, int flags)'),
      inet_pton: lib.func('int inet_pton(int family, const char *text, void *out)'),
      dup: lib.func('int dup(int fd)'),
      pipe2: lib.func('int pipe2(void *ends, int flags)'),
      fcntl: lib.func('int fcntl(int fd, int command, int argument)'),
      memfd_create: lib.func('int memfd_create(const char *name, unsigned int flags)'),
      close: lib.func('int close(int fd)'),
      attachFilter: (fd, filter) =>
        setFilter(
          fd,
          SOL_SOCKET,
          SO_ATTACH_FILTER,
          { len: filter.length / 8, filter },
          koffi.sizeof(program),
        ) as number,
      trimHeap: () => void trim?.(0),
      failure: (syscall) => systemError(koffi.errno(), syscall),
    }
  } catch {
    return null
  }
}

function systemError(errno: number, syscall: string): NodeJS.ErrnoException {
  const [code, words] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error']
  return Object.assign(new Error(`${syscall}: ${code}: ${words}`), { code, syscall, errno: -errno })
}

function optional<T>(find: () => T): T | null {
  try {
    return find()
  } catch {
    return null
  }
}
