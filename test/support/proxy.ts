import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { readPage } from './docs.ts'
import { codeBlocks } from './markdown.ts'

/** The configuration that docs/reverse-proxy.md shows for a proxy. */
export function documentedConfig(proxy: 'nginx' | 'haproxy'): string {
  const [config = ''] = codeBlocks(readPage('docs/reverse-proxy.md'), proxy)
  return config
}

/** Replaces each text, and fails if the configuration does not have it. */
export function adapt(config: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replaceAll(from, to)
  }, config)
}

/** A port of 127.0.0.1 that was free just now. A proxy cannot say which port it got for 0. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** A reverse proxy in a process of its own, in a folder that is removed after the test. */
export class Proxy {
  readonly folder: string
  #child: ChildProcess | null = null
  #complaint = ''

  private constructor(folder: string) {
    this.folder = folder
  }

  static async inNewFolder(): Promise<Proxy> {
    const proxy = new Proxy(await mkdtemp(join(tmpdir(), 'oneport-proxy-')))
    onTestFinished(async () => {
      await proxy.end()
      await rm(proxy.folder, { recursive: true })
    })
    return proxy
  }

  /** Starts nginx with this configuration, as a file in conf.d, and waits until the port listens. */
  async nginx(path: string, config: string, port: number): Promise<void> {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${this.folder}/${name};`)
      .join('\n')
    const file = await this.#write(`pid ${this.folder}/pid;\nevents {}\nhttp {\n${temporary}\n${config}\n}\n`)
    const globals = 'daemon off; master_process off;'
    await this.#start(path, ['-p', this.folder, '-e', 'stderr', '-c', file, '-g', globals], port)
  }

  async haproxy(path: string, config: string, port: number): Promise<void> {
    await this.#start(path, ['-db', '-f', await this.#write(config)], port)
  }

  /**
   * Makes a certificate for 127.0.0.1, which this process trusts from then on: `oneport.pem`, `oneport.key`, and both in
   * `oneport-both.pem`.
   */
  async certify(openssl: string): Promise<void> {
    const [key, certificate] = ['oneport.key', 'oneport.pem'].map((name) => join(this.folder, name)) as [string, string]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1']
    const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
    await promisify(execFile)(openssl, ['req', '-x509', ...kind, ...name, '-keyout', key, '-out', certificate])
    const both = await Promise.all([this.read('oneport.pem'), this.read('oneport.key')])
    await writeFile(join(this.folder, 'oneport-both.pem'), both.join(''))
    setDefaultCACertificates([...getCACertificates('default'), both[0]])
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  async end(): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }

  async #write(config: string): Promise<string> {
    const file = join(this.folder, 'proxy.conf')
    await writeFile(file, config)
    return file
  }

  async #start(path: string, args: string[], port: number): Promise<void> {
    this.#child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#complaint += String(chunk)))
    await expect.poll(() => this.#listens(port)).toBe(true)
  }

  async #listens(port: number): Promise<boolean> {
    if (this.#child?.exitCode !== null) throw new Error(this.#complaint)
    const socket = connect({ host: '127.0.0.1', port })
    try {
      await once(socket, 'connect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }
}
