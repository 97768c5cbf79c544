import { formatEndpoint } from '../../shared/endpoint.ts'
import { formatBytes, formatCount, formatDuration, formatGap, formatPreciseTime } from '../text/format.ts'
import { describeClose, messages } from '../text/messages.ts'
import type { CrowdFact, Evidence, ListenFact, PacketFact, SocketFact } from './evidence.ts'
import { outcome } from './outcome.ts'
import { answersIn } from './prediction.ts'
import type { StepProgress } from './progress.ts'
import { type AnswerOf, PARTS, type StepId, type TaskOf } from './steps.ts'

/** The evidence in words, for the lesson and its summary. */

export function nameOf({ role, id }: SocketFact): string {
  const text = messages.lesson.socket
  return role === 'connected' ? text.connected(String(id)) : text[role]
}

export function descriptorOf({ fd }: SocketFact): string {
  const text = messages.lesson.socket
  return fd === null ? text.noFd : text.fd(String(fd))
}

export function inodeOf({ inode, end }: SocketFact): string {
  const text = messages.lesson.socket
  if (inode !== null) return text.inode(String(inode))
  return end === null ? text.unknownInode : text.noInode
}

/** A socket's states with the times at which samples found them, and how it ended. */
export function lifeOf({ seen, end, forgottenAt }: SocketFact): string[] {
  const text = messages.lesson.socket
  const words = seen.map((one) => text.at(one.state, formatPreciseTime(one.at)))
  if (end === null) return words
  words.push(
    describeClose({
      ...end,
      reset: end.how === 'reset' && end.by !== 'system' ? end.by : null,
      code: null,
      evidence: null,
    }),
  )
  const byUs = end.by === 'server' && end.how === 'fin'
  if (byUs && !seen.some(({ state }) => state === 'TIME_WAIT')) words.push(text.inferred)
  if (forgottenAt !== null) words.push(text.gone(formatPreciseTime(forgottenAt)))
  return words
}

/** What matters most about a socket: for one that has ended, the state that remained. */
export function briefOf(socket: SocketFact): string {
  const state = socket.role === 'waiting' ? '' : keptState(socket)
  const held = state === 'CLOSE_WAIT' ? heldFor(socket) : null
  if (held !== null)
    return messages.lesson.socket.atLeast(state, held < MINUTE_MS ? formatGap(held) : formatDuration(held))
  return [state, inodeOf(socket)].filter((words) => words !== '').join(' · ')
}

const MINUTE_MS = 60_000

/** How long its socket was in CLOSE_WAIT at least, in milliseconds: from the sample that found it first. */
function heldFor({ seen, end }: SocketFact): number | null {
  const from = seen.find(({ state }) => state === 'CLOSE_WAIT')
  return from === undefined || end === null ? null : Math.max(0, end.at - from.at)
}

/** The state worth a word; none for an open connection. */
export function keptState({ role, tcpState, seen, end }: SocketFact): string {
  if (end === null) return role === 'connected' ? '' : (tcpState ?? '')
  const kept = seen.findLast(({ state }) => state === 'TIME_WAIT' || state === 'CLOSE_WAIT')
  return kept?.state ?? (end.how === 'reset' ? 'RST' : (seen.at(-1)?.state ?? ''))
}

export function tupleOf({ local, remote }: Pick<SocketFact, 'local' | 'remote'>): string {
  return remote === null ? formatEndpoint(local) : `${formatEndpoint(remote)} → ${formatEndpoint(local)}`
}

/** Whether another socket has the same client endpoint. */
export function isShared(socket: SocketFact, sockets: readonly SocketFact[]): boolean {
  const { remote } = socket
  const same = (other: SocketFact) =>
    remote !== null && other.remote?.port === remote.port && other.remote.address === remote.address
  return sockets.some((other) => other !== socket && same(other))
}

export function packetWords({ syn, bytes, verdict, foreseen, got }: PacketFact): string[] {
  const text = messages.lesson.socket
  const words = [syn ? text.syn : text.data(formatBytes(bytes))]
  if (verdict === 'listening') words.push(text.ruleListening)
  else if (foreseen !== null) words.push(text.rule(String(foreseen)))
  if (got !== null) words.push((syn ? text.made : text.got)(String(got)))
  return words
}

/** What a packet was, and who received it. */
export function packetResult(packet: PacketFact): string {
  const words = packetWords(packet)
  return [words[0], words.length > 1 ? words.at(-1) : undefined].filter((one) => one !== undefined).join(' · ')
}

/** What became of an attempt to listen. */
export function listenWords({ code }: ListenFact): string {
  const text = messages.lesson.socket
  return code === null ? text.listened : text.notListened(code)
}

/** How many there are by whose count, and what became of each address. */
export function crowdWords({ size, kernel, addresses }: CrowdFact): string[] {
  const text = messages.lesson.crowd
  const words = [kernel === null ? text.size(formatCount(size)) : text.both(formatCount(size), formatCount(kernel))]
  for (const { address, size, refused } of addresses) {
    words.push(
      refused === null ? text.address(address, formatCount(size)) : text.full(address, formatCount(size), refused),
    )
  }
  return words
}

/** From which ports the crowd connected, and what limited it. */
export function crowdLimits({ ports, room }: CrowdFact): string[] {
  const text = messages.lesson.crowd
  const which = ports.limited ? (room === null ? 'fewer' : 'limited') : 'ports'
  const words = [text[which](String(ports.first), String(ports.last))]
  return room === null ? words : [...words, text.room(formatCount(room))]
}

/** Every step, answer and task needs its words. This checks it, because the catalogue imports no feature. */
type Worded = {
  [S in StepId]: { answers: Record<AnswerOf<S>, string>; tasks: Record<TaskOf<S>, { button: string }> }
}

/** The text of an answer; null if the step has no such answer. */
function answerText(step: StepId, answer: string | null): string | null {
  const steps = messages.lesson.steps satisfies Worded
  const answers: Record<string, string> = steps[step].answers
  const parts = PARTS[step]
  if (parts === undefined) return answer === null ? null : (answers[answer] ?? null)
  const labels: Record<string, string> = steps[step].parts ?? {}
  const given = answersIn(step, answer).flatMap((one, index) => {
    const [label, words] = [labels[parts[index] ?? ''], answers[one ?? '']]
    return label === undefined || words === undefined ? [] : `${label}: ${words}`
  })
  return given.length < parts.length ? null : given.join('; ')
}

/** The prediction and the result. */
export function verdictOf(step: StepId, { prediction, evidence }: StepProgress) {
  const happened = evidence && outcome(step, evidence)
  return {
    predicted: answerText(step, prediction),
    happened: answerText(step, happened),
    right: prediction !== null && prediction === happened,
  }
}

/** What a crowd of 2^16 would need. */
const PORTS = 65_535

export function beliefOf(step: StepId, evidence: Evidence): { wrong: string; right: string } | null {
  const { listening, sockets, crowd } = evidence
  const { belief } = messages.lesson.steps[step]
  // What one address has had, and not the range: other programs have some of these ports.
  const each = Math.max(0, ...(crowd?.addresses.map(({ size }) => size) ?? []))
  const ports = crowd ? each : new Set(sockets.map(({ remote }) => remote?.port)).size
  const enough = crowd === null || crowd.size > PORTS || each === 0
  return (
    belief && {
      wrong: belief.wrong,
      right: belief.right({
        port: String(listening.local.port),
        sockets: formatCount(crowd?.size ?? sockets.length),
        ports: formatCount(ports),
        needed: enough ? null : formatCount(Math.floor(PORTS / each) + 1),
      }),
    }
  )
}
