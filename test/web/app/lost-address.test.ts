import { expect, test } from 'vitest'
import { lostParts } from '../../../web/app/lost-address.ts'
import { en } from '../../../web/text/en/catalogue.ts'

const text = en.app.address

test('an address of this port has nothing lost', () => {
  expect(lostParts({ port: null, unread: [] }, 8080)).toEqual([])
  expect(lostParts({ port: 8080, unread: [] }, 8080)).toEqual([])
})

test('the page names another port and each part of the address that names nothing', () => {
  expect(lostParts({ port: 9999, unread: ['view=nowhere'] }, 8080)).toEqual([
    text.port('9999', '8080'),
    text.part('view=nowhere'),
  ])
})
