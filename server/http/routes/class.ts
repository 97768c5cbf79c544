import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { count, ref } from '../../../shared/schema/base.ts'
import { AskSchema, ClassFactsModel, OpenBody, OpenedClassModel, PaceBody } from '../../../shared/schema/class.ts'
import { isWildcard } from '../../../shared/endpoint.ts'
import { isOwnAddress } from '../../own-address.ts'
import { clock } from '../../clock.ts'
import { ClassError } from '../../class/session.ts'
import { CODES } from '../codes.ts'
import { HttpError } from '../errors.ts'
import { answers, IdParams, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const tags = ['class']
const DONE = { 204: Type.Null({ description: 'Done.' }) }

const facts = {
  tags,
  summary: 'The class: its link, its roster, its questions',
  description: 'For readers with the full token only.',
  response: answers({ 200: ref(ClassFactsModel) }, 'FULL_TOKEN_REQUIRED'),
}

const open = {
  tags,
  summary: 'Open a class: a second dashboard for students, with a secret of its own',
  description: 'Students view everything, join with a name, and act on connections of their own only.',
  body: OpenBody,
  response: writeAnswers(
    { 201: ref(OpenedClassModel) },
    'CLASS_OPEN',
    'ADDRESS_NOT_LOCAL',
    'EADDRINUSE',
    'EADDRNOTAVAIL',
  ),
}

const end = {
  tags,
  summary: 'End the class: its dashboard, its secret, its connections and its results',
  response: writeAnswers(DONE),
}

const ask = {
  tags,
  summary: 'Ask all students a question',
  body: AskSchema,
  response: writeAnswers(
    { 201: Type.Object({ id: count("The question's number.") }) },
    'NO_CLASS',
    'TOO_MANY_QUESTIONS',
  ),
}

const reveal = {
  tags,
  summary: 'Reveal the answers to the newest question',
  response: writeAnswers(DONE, 'NO_CLASS', 'NO_QUESTION'),
}

const pace = {
  tags,
  summary: 'Set the last step of the lesson that is open to all',
  body: PaceBody,
  response: writeAnswers(DONE, 'NO_CLASS'),
}

const remove = {
  tags,
  summary: 'Remove a student, whose connections end by FIN',
  params: IdParams,
  response: writeAnswers(DONE, 'NO_CLASS', 'STUDENT_NOT_FOUND'),
}

/** Routes for the teacher. */
export const classRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { room }) => {
  app.get('/api/class', { schema: facts }, async (request, reply) => {
    if (request.right !== 'full')
      throw new HttpError(403, 'FULL_TOKEN_REQUIRED', 'Only the teacher sees the answers of all students.')
    void reply.header('cache-control', 'no-store')
    return room.facts()
  })

  app.post('/api/class', { schema: open }, async ({ body }, reply) => {
    if (!isWildcard(body.address) && !isOwnAddress(body.address)) {
      throw new HttpError(
        400,
        'ADDRESS_NOT_LOCAL',
        `${JSON.stringify(body.address)} is not an address of this machine.`,
      )
    }
    const opened = await room.open(body.address, body.port ?? 0).catch(notBound)
    if (opened === null) throw new HttpError(409, 'CLASS_OPEN', 'A class is open already. End it first.')
    return reply.code(201).send(opened)
  })

  app.delete('/api/class', { schema: end }, async (_request, reply) => {
    await room.end()
    return reply.code(204).send(null)
  })

  app.post('/api/class/questions', { schema: ask }, async ({ body }, reply) => {
    const opened = session()
    const id = allowed(() => opened.ask(body, clock.now()))
    room.tell()
    return reply.code(201).send({ id })
  })

  app.post('/api/class/reveal', { schema: reveal }, async (_request, reply) => {
    const opened = session()
    allowed(() => opened.reveal())
    room.tell()
    return reply.code(204).send(null)
  })

  app.post('/api/class/pace', { schema: pace }, async ({ body }, reply) => {
    session().pace = body.step
    room.tell()
    return reply.code(204).send(null)
  })

  app.delete('/api/class/students/:id', { schema: remove }, async ({ params }, reply) => {
    const student = session().student(params.id)
    if (student === null) throw new HttpError(404, 'STUDENT_NOT_FOUND', `There is no student ${params.id}.`)
    room.leave(student)
    return reply.code(204).send(null)
  })

  function session() {
    if (room.session === null) throw new HttpError(404, 'NO_CLASS', 'No class is open.')
    return room.session
  }
}

/** @throws HttpError for what the class refuses */
export function allowed<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof ClassError) throw new HttpError(CODES[error.code][0], error.code, error.message)
    throw error
  }
}

/** @throws HttpError: the address is in use, or cannot be bound */
function notBound(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined || !code.startsWith('E')) throw error
  throw new HttpError(409, code, message)
}
