import { expect, test } from 'vitest'
import { en } from '../../web/text/en/catalogue.ts'
import type { Found } from '../namespace/sick.ts'
import { findNamespaces, inNamespace } from '../support/namespace.ts'
import { PROGRAM } from '../support/server-process.ts'
import { findTestBrowser, isMissing, titleWith } from '../tools.ts'

/** Milliseconds. In CI, two browsers and the static checks share two cores. */
const SOON = process.env['CI'] ? 6_000 : 3_000
/** How long the client must be idle until the kernel probes it: `--keepalive=1`. */
const KEEPALIVE_MS = 1_000

const tools = [findNamespaces(), findTestBrowser()]
const addresses = ['192.168.0.1/32', '192.168.0.100/32', '192.168.0.101/32']

test.skipIf(isMissing(...tools))(
  titleWith('the page finds four sick clients among 5,000 by their problems, within 3 s of the cause', ...tools),
  { retry: 2 },
  async () => {
    const found = await inNamespace<Record<string, Found>>('sick.ts', addresses, PROGRAM)
    const limits = {
      'peer-not-reading': SOON,
      retransmitting: SOON,
      'not-closed': SOON,
      // The cause is the first probe without an answer.
      vanished: KEEPALIVE_MS + SOON,
    } as const
    for (const [code, limit] of Object.entries(limits)) {
      const problem = found[code]
      expect(problem?.row).toContain(problem?.client)
      expect(problem?.row).toContain(en.live.problems[code as keyof typeof limits])
      expect(problem?.ms, code).toBeLessThan(limit)
    }
  },
)
