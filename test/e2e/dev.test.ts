import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BrowserOfFile, browserTool } from '../support/browser.ts'
import { connectClient } from '../support/clients.ts'
import { freePort } from '../support/free-port.ts'
import { copyOfSources } from '../support/source-copy.ts'
import { Terminal } from '../support/terminal.ts'
import { isMissing, longTime, titleWith } from '../tools.ts'

describe.skipIf(isMissing(browserTool, longTime))(titleWith('npm run dev', browserTool, longTime), () => {
  const browser = new BrowserOfFile()

  test('starts server and page, and shows what is changed in the files of both', async () => {
    const folder = copyOfSources()
    symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
    const change = (file: string, before: string, after: string) => {
      const text = readFileSync(join(folder, file), 'utf8')
      expect(text).toContain(before)
      writeFileSync(join(folder, file), text.replace(before, after))
    }
    const variables = ['ONEPORT_PORT=0', `ONEPORT_UI_PORT=${await freePort()}`, 'NO_COLOR=1']
    const dev = new Terminal('env', ...variables, process.execPath, join(folder, 'scripts/dev.ts'))
    const [, url = ''] = await dev.prints(/Local:\s+(http:\S+)\//)
    await dev.prints(/"msg":"ready"/)
    const page = await browser.open(url)
    // The change of the server breaks its connection.
    page.tolerated = /WebSocket connection|502|504/

    change('web/text/en/class.ts', 'Which is mine?', 'Where is mine?')
    await page.button('Where is mine?').waitFor()

    change('server/listener/greeting.ts', 'You are', 'Hello,')
    const [, port] = await dev.prints(/"msg":"ready"[^]*"port":(\d+),.*"msg":"ready"/)
    expect(await (await connectClient(Number(port))).read().line()).toMatch(/^Hello, 127/)
    await page.row(1).waitFor()
    // `node --watch` prints this when the server dies.
    expect(dev.output).not.toContain('Failed running')
  })
})
