import { Agent, get } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { startServer } from '../../../support/app.ts'

/** @returns the status, once the whole answer has been read */
function ask(port: number, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    }).once('error', reject)
  })
}

test('sockets that browsers keep for later turn nobody away', async () => {
  const { uiPort } = await startServer()
  for (let browser = 0; browser < 40; browser++) {
    const agent = new Agent({ keepAlive: true, maxSockets: 6 })
    onTestFinished(() => agent.destroy())
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(uiPort, agent)))
    expect(answers).toEqual(Array(6).fill(200))
  }
})
