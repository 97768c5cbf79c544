import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Counters, Listener } from '../shared/stream.ts'
import type { Oneport } from './servers.ts'

// What the rows ask of a server over HTTP.

const LONGEST_MS = 30_000

export async function get<T>({ url }: Oneport, path: string): Promise<T> {
  return JSON.parse(await ask('GET', new URL(path, url), '')) as T
}

export async function post({ url }: Oneport, path: string, body: object): Promise<void> {
  await ask('POST', new URL(path, url), JSON.stringify(body))
}

/** Waits until the counters are right. @returns the counters; they are wrong if they have not become right in time */
export async function counted(server: Oneport, right: (counters: Counters) => boolean): Promise<Counters> {
  for (const deadline = performance.now() + LONGEST_MS; ;) {
    const { counters } = await get<Listener>(server, '/api/listener')
    if (right(counters) || performance.now() > deadline) return counters
    await sleep(100)
  }
}

/**
 * Each request has a connection of its own, which is closed at once: `fetch` would keep some, and rows count descriptors.
 * @throws if the server refuses
 */
function ask(method: string, url: URL, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body === '' ? {} : { 'content-type': 'application/json' }
    const sent = request(url, { method, headers, agent: false }, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(answer)
        else reject(new Error(`${url.pathname}: ${response.statusCode} ${answer}`))
      }, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
