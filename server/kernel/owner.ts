import type { Owner } from '../../shared/kernel.ts'
import { userName } from './users.ts'

const owners = new Map<number, Owner>()

/** What the kernel tells everybody of a socket's owner: the user. One shared object for each user. */
export function userOwner(uid: number): Owner {
  let owner = owners.get(uid)
  if (owner === undefined) {
    owner = Object.freeze({ pid: null, command: null, user: userName(uid) ?? String(uid) })
    owners.set(uid, owner)
  }
  return owner
}
