import { expect, test } from 'vitest'
import type { RosterEntry } from '../../../shared/class.ts'
import { resultsCsv } from '../../../web/class/results.ts'

const ada: RosterEntry = {
  ...{ id: 1, name: 'Ada', connections: [3, 4], step: 2, stuck: false, heardAt: 0, gone: false },
  answers: { 1: 0, 2: 1 },
}
const question = { text: 'How many "ports"?', options: ['one', 'many, each'], askedAt: 0, answered: 2, revealed: null }
const questions = [
  { ...question, id: 1, counts: [1, 1], right: 0 },
  { ...question, id: 2, text: 'Why?', counts: [0, 1], right: null },
]

test('the results have a line for each answer, and one for a student without any; names are no formulas', () => {
  const roster = [ada, { ...ada, id: 2, name: '=1+1', step: null, connections: [], answers: {} }]
  const head = ['name', 'step', 'connections', 'question', 'answer', 'right']
  expect(resultsCsv({ roster, questions }, head)).toBe(
    [
      '\uFEFFname,step,connections,question,answer,right',
      'Ada,3,2,"How many ""ports""?",one,true',
      'Ada,3,2,Why?,"many, each",',
      "'=1+1,,0",
      '',
    ].join('\r\n'),
  )
})
