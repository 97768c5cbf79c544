import { pino } from 'pino'
import { beforeAll, onTestFinished } from 'vitest'
import { type App, startApp } from '../../server/app.ts'
import type { Config } from '../../server/config/config.ts'
import { configFrom } from './config.ts'

/** Starts the whole server in this process, on free ports. The listener process is a child, as always. Stops after the test. */
export async function startServer(options: Partial<Config> = {}): Promise<App> {
  const app = await start(options)
  onTestFinished(() => app.stop(0))
  return app
}

/** One server for all tests of a file or `describe`. The tests must leave no state behind. */
export function sharedServer(options: Partial<Config> = {}): () => App {
  let app: App
  beforeAll(async () => {
    app = await start(options)
    return () => app.stop(0)
  })
  return () => app
}

function start(options: Partial<Config>): Promise<App> {
  const config = { ...configFrom(['--port=0', '--ui-port=0'], {}), ...options }
  return startApp(config, pino({ level: 'silent' }))
}

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

export async function getJson<T>(app: { uiPort: number }, path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const response = await fetch(`http://127.0.0.1:${app.uiPort}${path}`, init)
  return { status: response.status, headers: response.headers, body: (await response.json()) as T }
}
