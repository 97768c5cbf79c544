import { type Static, Type } from 'typebox'
import { count, model, orNull, ref, time } from './base.ts'
import { ClientModel } from './client.ts'

const studentId = count('Its number in this class.')
const step = Type.Integer({ minimum: 0, maximum: 99, description: 'A step of the lesson, from 0.' })
const option = Type.Integer({ minimum: 0, maximum: 5, description: 'An option, by its place from 0.' })

const Revealed = Type.Object({
  counts: Type.Array(Type.Integer(), { description: 'How many have chosen each option.' }),
  right: orNull(Type.Integer(), 'The right option. Null: the question has none.'),
})

const Question = Type.Object({
  id: count('Its number in this class.'),
  text: Type.String(),
  options: Type.Array(Type.String()),
  askedAt: time('When it was asked.'),
  answered: count('How many students have answered.'),
  revealed: orNull(Revealed, 'Null: not revealed yet.'),
})
/** A question to all students. */
export type ClassQuestion = Static<typeof Question>

const Student = Type.Object({
  id: studentId,
  name: Type.String({ description: 'As typed, without control characters. Two of the same name get a number.' }),
  connections: Type.Array(Type.Integer(), { description: "The student's connections at the server, newest last." }),
})

export const ClassStateModel = model(
  'ClassState',
  'A class, as everybody in it sees it.',
  Type.Object({
    id: Type.String({ description: 'New for each class.' }),
    openedAt: time('When it was opened.'),
    pace: orNull(step, 'The last step of the lesson that students may open. Null: no limit.'),
    students: Type.Array(Student),
    question: orNull(Question, 'The newest question.'),
  }),
)
export type ClassState = Static<typeof ClassStateModel>

export const OpenedClassModel = model(
  'OpenedClass',
  'How students reach a class.',
  Type.Object({
    address: Type.String({ description: 'The address that the dashboard for students is bound to.' }),
    port: Type.Integer({ description: 'Its port.' }),
    addresses: Type.Array(Type.String(), { description: 'Addresses at which other machines reach it.' }),
    secret: Type.String({ description: 'The token of the link for students. It can read, and join.' }),
    code: Type.String({ description: 'The short code to type, in place of the link.' }),
  }),
)
export type OpenedClass = Static<typeof OpenedClassModel>

const RosterEntrySchema = Type.Object({
  ...Student.properties,
  step: orNull(step, 'Where the student is in the lesson. Null: not told.'),
  stuck: Type.Boolean({ description: 'The student asks for help.' }),
  heardAt: time("When the student's page was last heard."),
  gone: Type.Boolean({ description: 'The student has left, or was removed. The answers stay.' }),
  answers: Type.Record(Type.String(), Type.Integer(), {
    description: 'The chosen option of each question, by its id.',
  }),
})
export type RosterEntry = Static<typeof RosterEntrySchema>

export const ClassFactsModel = model(
  'ClassFacts',
  'A class, as the teacher sees it.',
  Type.Object({
    addresses: Type.Array(Type.String(), { description: 'Addresses of this machine at which a class can be opened.' }),
    opened: orNull(ref(OpenedClassModel), 'Null: no class is open.'),
    state: orNull(ref(ClassStateModel)),
    roster: Type.Array(RosterEntrySchema, { description: 'Students, also those who have left.' }),
    questions: Type.Array(
      Type.Object({
        ...Question.properties,
        counts: Type.Array(Type.Integer(), { description: 'How many have chosen each option.' }),
        right: orNull(Type.Integer(), 'The right option.'),
      }),
      { description: 'Oldest first.' },
    ),
  }),
)
export type ClassFacts = Static<typeof ClassFactsModel>

export const OwnFactsModel = model(
  'OwnFacts',
  'A student, as the student sees it.',
  Type.Object({
    id: studentId,
    name: Type.String(),
    clients: Type.Array(ref(ClientModel), { description: "The student's open connections." }),
    answer: orNull(Type.Integer(), 'The option chosen in the newest question.'),
    stuck: Type.Boolean({ description: 'The student asks for help.' }),
  }),
)
export type OwnFacts = Static<typeof OwnFactsModel>

export const StudentKeyModel = model(
  'StudentKey',
  "A student's place in a class.",
  Type.Object({
    id: studentId,
    name: Type.String(),
    key: Type.String({ description: "The student's own token, in place of the link's." }),
  }),
)
export type StudentKey = Static<typeof StudentKeyModel>

const closed = { additionalProperties: false }

export const OpenBody = Type.Object(
  {
    address: Type.String({ maxLength: 64, description: 'An IP address of this machine; 0.0.0.0 or :: for all.' }),
    port: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 65_535, default: 0, description: '0: the kernel chooses a free port.' }),
    ),
  },
  { ...closed, examples: [{ address: '127.0.0.1' }] },
)

export const AskSchema = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 300 }),
    options: Type.Array(Type.String({ minLength: 1, maxLength: 120 }), { minItems: 2, maxItems: 6 }),
    right: Type.Optional(option),
  },
  { ...closed, examples: [{ text: 'How many ports?', options: ['One', 'Many'], right: 0 }] },
)
export type AskBody = Static<typeof AskSchema>

export const PaceBody = Type.Object({ step: orNull(step, 'Null: no limit.') }, { ...closed, examples: [{ step: 3 }] })

export const CodeBody = Type.Object(
  { code: Type.String({ maxLength: 40, description: 'Upper or lower case, with or without the hyphen.' }) },
  { ...closed, examples: [{ code: 'ABC-DEF' }] },
)

export const NameBody = Type.Object(
  { name: Type.String({ maxLength: 200 }) },
  { ...closed, examples: [{ name: 'Ada' }] },
)

export const HereBody = Type.Object(
  { step: Type.Optional(step), stuck: Type.Optional(Type.Boolean()) },
  { ...closed, examples: [{ step: 2 }] },
)

export const AnswerBody = Type.Object(
  { question: Type.Integer({ minimum: 1, maximum: 1_000, description: "The question's number." }), option },
  { ...closed, examples: [{ question: 1, option: 0 }] },
)
