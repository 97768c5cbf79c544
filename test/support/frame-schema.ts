import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { MODELS } from '../../server/http/schemas/models.ts'
import { ChangeSchema, KernelChangeModel, OtherEndChangeModel } from '../../shared/schema/changes.ts'
import * as frames from '../../shared/schema/frames.ts'
import { KernelStateModel } from '../../shared/schema/kernel.ts'
import type { Change, ServerFrame } from '../../shared/stream.ts'
import { strict } from './strict-schema.ts'

const ajv = new Ajv2020({ strict: false })
const ONLY_IN_FRAMES = [KernelStateModel, KernelChangeModel, OtherEndChangeModel]
for (const model of [...MODELS, ...ONLY_IN_FRAMES]) ajv.addSchema(strict(model) as object, `${model.$id}#`)

const validatorOf = (schema: object): ValidateFunction => ajv.compile(strict(schema) as object)
const validators: Partial<Record<ServerFrame['type'], ValidateFunction>> = {
  snapshot: validatorOf(frames.SnapshotFrameModel),
  changes: validatorOf(frames.ChangesFrameModel),
  kernel: validatorOf(frames.KernelFrameModel),
  alive: validatorOf(frames.AliveFrameModel),
  error: validatorOf(frames.ErrorFrameModel),
}
const isChange = validatorOf(ChangeSchema)

/** @throws if the frame has a field that its schema does not have, or lacks one. Those about the listener or followed bytes are not examined. */
export function examineFrame(frame: ServerFrame): void {
  const matches = validators[frame.type]
  if (matches !== undefined && !matches(frame)) fail(frame, matches)
}

/** @throws like `examineFrame` */
export function examineChange(change: Change): void {
  if (!isChange(change)) fail(change, isChange)
}

function fail(value: object, { errors }: ValidateFunction): never {
  throw new Error(`${ajv.errorsText(errors)}: ${JSON.stringify(value).slice(0, 2_000)}`)
}
