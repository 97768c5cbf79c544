import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
}

interface Job {
  uses?: string
  permissions?: Record<string, string>
  strategy?: { matrix: Record<string, unknown> }
  steps?: Step[]
  'timeout-minutes'?: number
}

interface Workflow {
  permissions?: Record<string, string>
  concurrency?: { group: string }
  jobs: Record<string, Job>
}

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

const workflows = readdirSync(new URL('.github/workflows/', root)).map((file) => ({
  file,
  workflow: parse(read(`.github/workflows/${file}`)) as Workflow,
}))
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, job })),
)
const steps = jobs.flatMap(({ file, name, job }) => (job.steps ?? []).map((step) => ({ file, name, step })))
const ciJob = (name: string): Job | undefined => jobs.find((job) => job.file === 'ci.yml' && job.name === name)?.job

const packageJson = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

test.each(workflows)('$file may only read the repository, unless a job says otherwise', ({ workflow }) => {
  expect(workflow.permissions).toEqual({ contents: 'read' })
})

test('only the jobs that publish have further rights', () => {
  const writers = jobs.filter(({ job }) => Object.values(job.permissions ?? {}).includes('write'))
  expect(writers.map(({ file, name }) => `${file} ${name}`)).toEqual([
    'release.yml npm',
    'release.yml image',
    'release.yml image-index',
  ])
})

test('two workflows never share a concurrency group, or one would cancel the other', () => {
  const groups = workflows.map(({ workflow }) => workflow.concurrency?.group)
  expect(groups).not.toContain(undefined)
  expect(new Set(groups).size).toBe(groups.length)
})

test.each(jobs.filter(({ job }) => job.uses === undefined))('$name of $file has a time limit', ({ job }) => {
  expect(job['timeout-minutes']).toBeGreaterThan(0)
})

test('every action is pinned to a major version', () => {
  const actions = steps.flatMap(({ step }) => step.uses ?? [])
  expect(actions.length).toBeGreaterThan(0)
  for (const action of actions) expect(action).toMatch(/^[\w-]+\/[\w-]+@v\d+$/)
})

test('every npm script that a workflow calls exists', () => {
  const called = steps.flatMap(({ step }) =>
    [...(step.run ?? '').matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test ?? ''),
  )
  expect(called).toContain('test')
  for (const script of called) expect(Object.keys(packageJson.scripts)).toContain(script)
})

test('CI runs every test on the oldest supported Node and on a newer one', () => {
  const oldest = Number(read('.nvmrc'))
  const versions = ciJob('test')?.strategy?.matrix['node'] as number[]
  expect(versions[0]).toBe(oldest)
  expect(versions[1]).toBeGreaterThan(oldest)
})

test('CI starts each Compose file that users start', () => {
  expect(ciJob('compose')?.strategy?.matrix['file']).toEqual([
    'docker-compose.yml',
    'compose.example.yml',
    'compose.host.yml',
  ])
})
