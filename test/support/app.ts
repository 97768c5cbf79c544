import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type App, startApp } from '../../server/app.ts'
import { type Config, readConfig } from '../../server/config.ts'

/** The whole server in this process (the listener process is a child, as always), on free ports. It ends with the test. */
export async function startServer(options: Partial<Config> = {}): Promise<App> {
  const config = { ...readConfig(['--port=0', '--ui-port=0'], {}), ...options }
  const app = await startApp(config, pino({ level: 'silent' }))
  onTestFinished(() => app.stop(0))
  return app
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
