import * as v from 'valibot'
import { Evidence } from './evidence.ts'
import { type Store, Stored } from '../ui/stored.ts'
import { STEP_IDS, type StepId } from './steps.ts'

/** Anything larger was not written by oneport. */
const LONGEST = 400_000

const Time = v.pipe(v.number(), v.integer(), v.minValue(0))
const Short = v.pipe(v.string(), v.maxLength(64))

const Step = v.strictObject({
  /** The newest connection of that run of the server when the step was opened. */
  since: v.nullable(v.strictObject({ instance: Short, id: Time })),
  prediction: v.nullable(Short),
  evidence: v.nullable(Evidence),
  leftOut: v.boolean(),
})

const Progress = v.strictObject({
  version: v.literal(1),
  startedAt: v.nullable(Time),
  /** The introduction has been read. */
  begun: v.boolean(),
  current: v.picklist(STEP_IDS),
  steps: v.strictObject({
    listening: Step,
    first: Step,
    second: Step,
    textbook: Step,
    'same-port': Step,
    'same-tuple': Step,
    which: Step,
    queue: Step,
    closing: Step,
    exhausted: Step,
    conclusion: Step,
    proxy: Step,
    services: Step,
    tuples: Step,
  } satisfies Record<StepId, typeof Step>),
})

export type StepProgress = v.InferOutput<typeof Step>
export type Progress = v.InferOutput<typeof Progress>

const UNTOUCHED: StepProgress = { since: null, prediction: null, evidence: null, leftOut: false }

export function begin(): Progress {
  const steps = {
    listening: UNTOUCHED,
    first: UNTOUCHED,
    second: UNTOUCHED,
    textbook: UNTOUCHED,
    'same-port': UNTOUCHED,
    'same-tuple': UNTOUCHED,
    which: UNTOUCHED,
    queue: UNTOUCHED,
    closing: UNTOUCHED,
    exhausted: UNTOUCHED,
    conclusion: UNTOUCHED,
    proxy: UNTOUCHED,
    services: UNTOUCHED,
    tuples: UNTOUCHED,
  }
  return { version: 1, startedAt: null, begun: false, current: 'listening', steps }
}

/** The progress kept in the browser. Invalid or oversized content counts as none. */
export function storedProgress(storage?: () => Store): Stored<Progress> {
  return new Stored<Progress>('lesson', {
    parse(text) {
      if (text.length > LONGEST) return null
      const parsed = v.safeParse(Progress, JSON.parse(text))
      return parsed.success && isOrderly(parsed.output) ? parsed.output : null
    },
    format: JSON.stringify,
    storage,
  })
}

export function withStep(progress: Progress, id: StepId, change: Partial<StepProgress>): Progress {
  return { ...progress, steps: { ...progress.steps, [id]: { ...progress.steps[id], ...change } } }
}

/** Done by evidence, or left out. */
export function isOver({ evidence, leftOut }: StepProgress): boolean {
  return evidence !== null || leftOut
}

/** Steps open in order; these can be selected. */
export function reachable(progress: Progress, id: StepId): boolean {
  return STEP_IDS.slice(0, STEP_IDS.indexOf(id)).every((before) => isOver(progress.steps[before]))
}

function isOrderly(progress: Progress): boolean {
  return reachable(progress, progress.current)
}
