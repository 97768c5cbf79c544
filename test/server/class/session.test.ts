import { describe, expect, test } from 'vitest'
import { Session } from '../../../server/class/session.ts'
import { LEFT_MS, QUESTIONS_MAX, STUDENTS_MAX } from '../../../shared/class.ts'

const TWO = { text: 'How many ports?', options: ['one', 'many'], right: 0 }

test('a key is one student’s alone, also after the student has left', () => {
  const session = new Session(0)
  const [ada, bob] = [session.join('Ada', 0), session.join('Bob', 0)]
  expect(session.holderOf(ada.key)).toBe(ada.student)
  expect(session.holderOf(bob.key)).toBe(bob.student)
  for (const wrong of ['', ada.key.slice(1), `${ada.key} `, ada.key.toLowerCase(), session.secret, '1']) {
    expect(session.holderOf(wrong), wrong).toBeNull()
  }
  session.leave(ada.student)
  expect(session.holderOf(ada.key)?.gone).toBe(true)
  expect(session.student(ada.student.id)).toBeNull()
  expect(session.state().students.map(({ name }) => name)).toEqual(['Bob'])
})

test('the code is accepted as people type it', () => {
  const session = new Session(0)
  const { code } = session
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}$/)
  for (const typed of [code, code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', ' ')} `]) {
    expect(session.isCode(typed), typed).toBe(true)
  }
  for (const typed of ['', '-', code.slice(1), `${code}2`]) expect(session.isCode(typed), typed).toBe(false)
  expect(new Session(0).isCode(code)).toBe(false)
})

test('the distribution is known when the question is revealed; the last answer counts, and those who have left count', () => {
  const session = new Session(0)
  const [ada, bob, eve] = ['Ada', 'Bob', 'Eve'].map((name) => session.join(name, 0).student)
  if (!ada || !bob || !eve) throw new Error('three students')
  const id = session.ask(TWO, 5)
  session.answer(ada, id, 1)
  session.answer(ada, id, 0)
  session.answer(bob, id, 1)
  session.leave(bob)
  expect(session.state().question).toEqual({
    id,
    text: TWO.text,
    options: TWO.options,
    askedAt: 5,
    answered: 2,
    revealed: null,
  })
  expect(session.facts().questions[0]?.counts).toEqual([1, 1])
  expect(() => session.answer(eve, id, 2)).toThrow(expect.objectContaining({ code: 'INVALID' }))
  session.reveal()
  expect(session.state().question?.revealed).toEqual({ counts: [1, 1], right: 0 })
  expect(() => session.answer(eve, id, 0)).toThrow(expect.objectContaining({ code: 'QUESTION_OVER' }))
  const next = session.ask({ text: 'And now?', options: ['yes', 'no'] }, 9)
  expect(() => session.answer(eve, id, 0)).toThrow(expect.objectContaining({ code: 'QUESTION_OVER' }))
  session.answer(eve, next, 1)
  expect(session.answerOf(eve)).toBe(1)
  expect(session.answerOf(ada)).toBeNull()
  expect(session.facts().roster.map(({ name, answers, gone }) => ({ name, answers, gone }))).toEqual([
    { name: 'Ada', answers: { 1: 0 }, gone: false },
    { name: 'Bob', answers: { 1: 1 }, gone: true },
    { name: 'Eve', answers: { 2: 1 }, gone: false },
  ])
})

describe('has bounds:', () => {
  test('students, also when they come and go', () => {
    const session = new Session(0)
    for (let i = 0; i < STUDENTS_MAX; i++) session.join(`s${i}`, 0)
    const full = expect.objectContaining({ code: 'CLASS_FULL' }) as Error
    expect(() => session.join('one more', 0)).toThrow(full)
    for (let i = 0; i < 10 * STUDENTS_MAX; i++) {
      const [first] = session.present
      if (first) session.leave(first)
      session.join(`t${i}`, 0)
    }
    expect(() => session.join('one more', 0)).toThrow(full)
    expect(session.facts().roster).toHaveLength(5 * STUDENTS_MAX)
  })

  test('questions', () => {
    const session = new Session(0)
    expect(() => session.reveal()).toThrow(expect.objectContaining({ code: 'NO_QUESTION' }))
    expect(() => session.ask({ ...TWO, right: 2 }, 0)).toThrow(expect.objectContaining({ code: 'INVALID' }))
    for (let i = 0; i < QUESTIONS_MAX; i++) session.ask(TWO, 0)
    expect(() => session.ask(TWO, 0)).toThrow(expect.objectContaining({ code: 'TOO_MANY_QUESTIONS' }))
  })

  test('requests of one student: twenty at once, then ten a second', () => {
    const session = new Session(0)
    const { student } = session.join('Ada', 0)
    const allowed = (at: number, times: number) =>
      Array.from({ length: times }, () => session.mayAsk(student, 0, at)).filter(Boolean).length
    expect(allowed(0, 1_000)).toBe(20)
    expect(allowed(1_000, 1_000)).toBe(10)
    expect(allowed(500, 10)).toBe(0)
    expect(allowed(60_000, 1_000)).toBe(20)
  })

  test('silence: a student of whom nothing was heard has left, unless the clock was set', () => {
    const session = new Session(0)
    const { student } = session.join('Ada', 0)
    session.mayAsk(student, 1_000, 0)
    expect(session.overdue(LEFT_MS + 1_000)).toEqual([])
    expect(session.overdue(LEFT_MS + 1_001)).toEqual([student])
    session.shift(5_000)
    expect(session.overdue(LEFT_MS + 6_000)).toEqual([])
  })
})
