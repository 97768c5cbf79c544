import { expect, test } from 'vitest'
import type { Draft } from '../../../web/act/draft.ts'
import { Recall } from '../../../web/act/recall.ts'

const draft = (content: string): Draft => ({ kind: 'text', content, lineEnd: 'lf' })

test('goes back to the oldest and forth to what was being typed', () => {
  const recall = new Recall(() => [draft('new'), draft('old')])
  expect(recall.newer()).toBeNull()
  expect(recall.older(draft('typed'))).toEqual(draft('new'))
  expect(recall.older(draft('new'))).toEqual(draft('old'))
  expect(recall.older(draft('old'))).toBeNull()
  expect(recall.newer()).toEqual(draft('new'))
  expect(recall.newer()).toEqual(draft('typed'))
  expect(recall.newer()).toBeNull()
})

test('starts over after a reset and includes the latest send', () => {
  const history = [draft('old')]
  const recall = new Recall(() => history)
  recall.older(draft(''))
  history.unshift(draft('sent'))
  recall.reset()
  expect(recall.older(draft(''))).toEqual(draft('sent'))
})
