import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { QUOTA } from '../../../shared/class.ts'
import { oneOf, ref } from '../../../shared/schema/base.ts'
import { BytesAnswer, BytesBody } from '../../../shared/schema/bytes.ts'
import {
  AnswerBody,
  CodeBody,
  HereBody,
  NameBody,
  OwnFactsModel,
  StudentKeyModel,
} from '../../../shared/schema/class.ts'
import { ClientModel } from '../../../shared/schema/client.ts'
import { CLOSE_ACTIONS } from '../../../shared/vocabulary.ts'
import { clock } from '../../clock.ts'
import type { Student } from '../../class/session.ts'
import { tooMany } from '../access/access.ts'
import { Guesses } from '../access/guesses.ts'
import type { Code } from '../codes.ts'
import { HttpError, refused } from '../errors.ts'
import { answers, IdParams, mayLack, openAnswers, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { allowed } from './class.ts'
import { refusedClient } from './clients.ts'
import { decodeBytes } from './decode-bytes.ts'

const tags = ['class']
const DONE = { 204: Type.Null({ description: 'Done.' }) }
const STUDENT: Code[] = ['STUDENTS_ONLY']

const token = {
  tags,
  summary: 'Exchange the short code for the token of the link for students',
  description: 'Needs no token. Wrong codes are slowed like wrong tokens.',
  body: CodeBody,
  response: openAnswers(
    { 200: Type.Object({ token: Type.String({ description: 'It can read, and join.' }) }) },
    ...(['ORIGIN_NOT_ALLOWED', 'CODE_WRONG', 'TOO_MANY_REQUESTS', 'INTERNAL'] satisfies Code[]),
    ...(['READ_ONLY', 'INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] satisfies Code[]),
  ),
}

const join = {
  tags,
  summary: 'Join the class with a name',
  body: NameBody,
  response: writeAnswers({ 201: ref(StudentKeyModel) }, 'NO_CLASS', 'CLASS_FULL', 'NAME_UNUSABLE'),
}

const own = {
  tags,
  summary: "The student's own connections and answer",
  response: answers({ 200: ref(OwnFactsModel) }, ...STUDENT),
}

const here = {
  tags,
  summary: 'Tell that the student is there, and at which step',
  description: 'A student of whom nothing was heard for 15 minutes has left.',
  body: HereBody,
  response: writeAnswers({ 200: ref(OwnFactsModel) }, ...STUDENT),
}

const leave = {
  tags,
  summary: "Leave the class: the student's connections end by FIN",
  response: writeAnswers(DONE, ...STUDENT),
}

const answer = {
  tags,
  summary: 'Answer the newest question',
  description: 'The last answer counts, until the question is revealed.',
  body: AnswerBody,
  response: writeAnswers(DONE, ...STUDENT, 'QUESTION_OVER'),
}

const connect = {
  tags,
  summary: 'Open a connection of the student’s own',
  description: `A real connection, made by this server to its own listening socket. A student may have ${QUOTA}.`,
  response: writeAnswers(
    { 201: ref(ClientModel, 'It is connected.') },
    ...STUDENT,
    ...([
      'QUOTA_USED',
      'CONNECTION_CLOSED',
      'CROWD_FLOODED',
      'EADDRNOTAVAIL',
      'EADDRINUSE',
      'TOO_MANY_CLIENTS',
    ] satisfies Code[]),
  ),
}

const send = {
  tags,
  summary: 'Send bytes on a connection of the student’s own',
  params: IdParams,
  body: BytesBody,
  response: writeAnswers({ 200: BytesAnswer }, ...STUDENT, 'CLIENT_NOT_FOUND', 'FIN_SENT', 'SEND_QUEUE_FULL'),
}

const close = {
  tags,
  summary: 'End a connection of the student’s own',
  params: IdParams,
  querystring: Type.Object({
    how: mayLack(oneOf(CLOSE_ACTIONS, { default: 'fin', description: '`half`: FIN, and keep reading. `reset`: RST.' })),
  }),
  response: writeAnswers(DONE, ...STUDENT, 'CLIENT_NOT_FOUND'),
}

/** Routes for students. Each acts on the connections of the student whose key the request has, and on no other. */
export const studentRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { room, clients }) => {
  const guesses = new Guesses()
  const student = { config: { role: 'student' } } as const

  app.post('/api/class/token', { schema: token, config: { role: 'open' } }, async ({ body, ip }, reply) => {
    const { session } = room
    const found = await guesses.check(ip, () => (session?.isCode(body.code) ? session.secret : null))
    if (found === 'too many') throw tooMany(reply)
    if (found === null) throw new HttpError(404, 'CODE_WRONG', 'No class has this code.')
    void reply.header('cache-control', 'no-store')
    return { token: found }
  })

  app.post('/api/class/students', { schema: join, config: { role: 'join' } }, async ({ body }, reply) => {
    const { session } = room
    if (session === null) throw new HttpError(404, 'NO_CLASS', 'No class is open.')
    const joined = allowed(() => session.join(body.name, clock.now()))
    room.tell()
    const { id, name } = joined.student
    void reply.header('cache-control', 'no-store')
    return reply.code(201).send({ id, name, key: joined.key })
  })

  app.get('/api/class/me', { schema: own, ...student }, async (request) => room.own(who(request)))

  app.post('/api/class/me', { schema: here, ...student }, async (request) => {
    const self = asks(request)
    const { step, stuck } = self
    room.session?.here(self, request.body)
    if (step !== self.step || stuck !== self.stuck) room.tell()
    return room.own(self)
  })

  app.delete('/api/class/me', { schema: leave, ...student }, async (request, reply) => {
    room.leave(who(request))
    return reply.code(204).send(null)
  })

  app.post('/api/class/me/answer', { schema: answer, ...student }, async (request, reply) => {
    const { question, option } = request.body
    const self = asks(request)
    allowed(() => room.session?.answer(self, question, option))
    room.tell()
    return reply.code(204).send(null)
  })

  app.post('/api/class/me/connections', { schema: connect, ...student }, async (request, reply) => {
    const client = await room.connect(asks(request)).catch(refusedClient)
    return reply.code(201).send(client)
  })

  app.post('/api/class/me/connections/:id/send', { schema: send, ...student }, async (request) => {
    const { id } = ownClient(request, request.params.id)
    const data = decodeBytes(request.body)
    const refusal = clients.send(id, data)
    if (refusal !== null) throw refused(`Client ${id}`, refusal.code, refusal.waiting)
    return { bytes: data.length }
  })

  app.delete('/api/class/me/connections/:id', { schema: close, ...student }, async (request, reply) => {
    room.close(ownClient(request, request.params.id).id, request.query.how)
    return reply.code(204).send(null)
  })

  function who({ student: self }: FastifyRequest): Student {
    // The guard refuses a request without a student's key.
    if (self === null) throw new HttpError(403, 'STUDENTS_ONLY', 'Join the class first.')
    return self
  }

  function asks(request: FastifyRequest): Student {
    const self = who(request)
    if (room.session?.mayAsk(self, clock.now(), performance.now()) === false) {
      throw new HttpError(429, 'TOO_MANY_REQUESTS', 'At most ten requests a second from one student.')
    }
    return self
  }

  function ownClient(request: FastifyRequest, id: number): { id: number } {
    if (!room.owns(asks(request), id)) {
      throw new HttpError(404, 'CLIENT_NOT_FOUND', `You have no open connection with the client ${id}.`)
    }
    return { id }
  }
}
