import { onTestFinished } from 'vitest'
import type { ClassFacts, OpenedClass, StudentKey } from '../../shared/class.ts'
import { type Answer, getJson } from './app.ts'

/** Asks an API with a token; sends a body as JSON. */
export async function asWith<T>(
  token: string | null,
  uiPort: number,
  request: string,
  body?: object,
): Promise<Answer<T> & { body: T & { code?: string } }> {
  const [method = 'GET', path = ''] = request.split(' ')
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const response = await fetch(`http://127.0.0.1:${uiPort}${path}`, init)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? null : JSON.parse(text)) as T & { code?: string },
  }
}

/** A class on loopback, opened without a token at the main dashboard. Ends after the test. */
export class OpenClass {
  readonly uiPort: number
  readonly opened: OpenedClass

  constructor(uiPort: number, opened: OpenedClass) {
    this.uiPort = uiPort
    this.opened = opened
  }

  teacher<T>(request: string, body?: object) {
    return asWith<T>(null, this.uiPort, request, body)
  }

  async facts(): Promise<ClassFacts> {
    return (await getJson<ClassFacts>({ uiPort: this.uiPort }, '/api/class')).body
  }

  async join(name: string): Promise<StudentOf> {
    const { body } = await asWith<StudentKey>(this.opened.secret, this.opened.port, 'POST /api/class/students', {
      name,
    })
    return new StudentOf(this.opened.port, body)
  }
}

export class StudentOf {
  readonly key: string
  readonly id: number
  readonly name: string
  readonly port: number

  constructor(port: number, { key, id, name }: StudentKey) {
    this.port = port
    this.key = key
    this.id = id
    this.name = name
  }

  ask<T>(request: string, body?: object) {
    return asWith<T>(this.key, this.port, request, body)
  }
}

export async function openClass(uiPort: number): Promise<OpenClass> {
  const { body } = await asWith<OpenedClass>(null, uiPort, 'POST /api/class', { address: '127.0.0.1' })
  onTestFinished(async () => {
    await asWith(null, uiPort, 'DELETE /api/class')
  })
  return new OpenClass(uiPort, body)
}
