import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Option, OPTIONS, variableOf } from '../../server/config/options.ts'
import { type ComposeService, composeServices } from '../support/compose.ts'

const FILES = ['docker-compose.yml', 'compose.example.yml', 'compose.host.yml']

const services = FILES.flatMap((file) =>
  Object.entries(composeServices(file)).map(([name, service]) => ({ file, name, service })),
)

const variables = Object.values<Option>(OPTIONS).map(variableOf)
const allBut = (...withheld: string[]): string[] => variables.filter((name) => !withheld.includes(name))

test.each([
  ['docker-compose.yml', 'each variable but the address, on which Docker publishes the port', allBut('ONEPORT_HOST')],
  ['compose.example.yml', 'each variable but the address, which belongs to the container', allBut('ONEPORT_HOST')],
  ['compose.host.yml', 'each variable', allBut()],
])('%s passes on %s', (file, _, expected) => {
  const passedOn = Object.keys(composeServices(file)['oneport']?.environment ?? {})
  expect(passedOn.toSorted()).toEqual(expected.toSorted())
})

test('the port is published only on ONEPORT_HOST: all addresses without it, or only this machine', () => {
  const published = FILES.map((file) => composeServices(file)['oneport']?.ports?.[0])
  expect(published).toEqual([
    '${ONEPORT_HOST:-0.0.0.0}:${ONEPORT_PORT:-8080}:${ONEPORT_PORT:-8080}',
    '127.0.0.1:8080:8080',
    undefined,
  ])
})

test('.env.example lists each variable once', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const listed = [...text.matchAll(/^#(ONEPORT_[A-Z_]+)=/gm)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual(variables.toSorted())
})

test.each(FILES)('%s calls the server `oneport`, so that it replaces the server of another file', (file) => {
  expect(Object.keys(composeServices(file))).toContain('oneport')
})

test.each(services)('$name of $file starts without a profile, hardened', ({ service }) => {
  expect(service.profiles).toBeUndefined()
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  })
})

test.each(services)('$name of $file mounts only files that exist, and only to read', ({ service }) => {
  for (const volume of service.volumes ?? []) {
    const [source = '', , mode] = volume.split(':')
    expect(existsSync(new URL(`../../${source}`, import.meta.url)), source).toBe(true)
    expect(mode).toBe('ro')
  }
})

test('only this machine reaches a dashboard that needs no token', () => {
  const tokenless = services.filter(({ service }) => String(service.environment?.['ONEPORT_TOKEN']).includes('none'))
  expect(tokenless.map(({ file }) => file)).toEqual(['docker-compose.yml', 'compose.example.yml'])
  for (const { service } of tokenless) {
    const dashboard = service.ports?.filter((port) => /:3000"$|ONEPORT_UI_PORT/.test(JSON.stringify(port)))
    expect(dashboard).toHaveLength(1)
    expect(dashboard?.[0]).toMatch(/^127\.0\.0\.1:/)
  }
})

test('compose.example.yml is the textbook case', () => {
  const { oneport, ...clients } = composeServices('compose.example.yml')
  expect(oneport?.networks?.['example']?.ipv4_address).toBe('192.168.0.1')
  expect(Object.values(clients).map(({ command }) => command?.slice(-2))).toEqual([
    ['192.168.0.100:50000', '192.168.0.1:8080'],
    ['192.168.0.101:50001', '192.168.0.1:8080'],
  ])
  for (const client of Object.values(clients)) expect(client.command?.at(-2)).toMatch(`${addressOf(client)}:`)
})

function addressOf({ networks }: ComposeService): string {
  return networks?.['example']?.ipv4_address ?? 'no address'
}
