import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram } from '../tools.ts'

export const tsharkTool = findProgram('tshark')

/** A packet as tshark reads it. Sequence numbers are relative to the SYN's. */
export interface Dissected {
  stream: number
  /** Milliseconds since the epoch. */
  at: number
  fromPort: number
  flags: number
  sequence: number
  length: number
  /** 1: valid. */
  checksum: number
  malformed: boolean
  notes: string
}

/** One conversation as Follow TCP Stream shows it: the bytes from the first node, and those from the second. */
export type FollowedStream = [client: Buffer, server: Buffer]

const OUTPUT_MAX = 256 * 1024 * 1024
const FIELDS = [
  ...['tcp.stream', 'frame.time_epoch', 'tcp.srcport', 'tcp.flags', 'tcp.seq', 'tcp.len', 'tcp.checksum.status'],
  ...['_ws.malformed', '_ws.expert.message'],
]

/** Reads a pcapng file with this number of conversations with a server at this port. */
export async function dissect(
  file: Buffer,
  streams: number,
  port: number,
): Promise<{ packets: Dissected[]; followed: Map<number, FollowedStream> }> {
  const follow = Array.from({ length: streams }, (_, stream) => ['-z', `follow,tcp,raw,${stream}`]).flat()
  const fields = FIELDS.flatMap((field) => ['-e', field])
  // The port may belong to a protocol that the bytes are not.
  const only = ['-d', `tcp.port==${port},data`]
  const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE']
  const folder = await mkdtemp(join(tmpdir(), 'oneport-tshark-'))
  const path = join(folder, 'file.pcapng')
  await writeFile(path, file)
  const args = ['-n', '-r', path, ...only, ...checks, '-T', 'fields', ...fields, ...follow]
  const { stdout } = await promisify(execFile)(tsharkTool.path ?? '', args, { maxBuffer: OUTPUT_MAX })
  await rm(folder, { recursive: true })
  const [lines = '', ...sections] = stdout.split(/^={10,}\n(?=Follow)/m)
  // tshark writes them in no useful order.
  const followed = new Map(sections.map((section) => [streamOf(section), readFollowed(section)]))
  return { packets: lines.split('\n').filter(Boolean).map(readLine), followed }
}

function streamOf(section: string): number {
  return Number(/^Filter: tcp\.stream eq (\d+)$/m.exec(section)?.[1])
}

function readLine(line: string): Dissected {
  const [stream, at, port, flags, sequence, length, checksum, malformed, notes] = line.split('\t')
  return {
    stream: Number(stream),
    at: Number(at) * 1000,
    fromPort: Number(port),
    flags: Number(flags),
    sequence: Number(sequence),
    length: Number(length),
    checksum: Number(checksum),
    malformed: malformed !== '',
    notes: notes ?? '',
  }
}

/** A line has the bytes of one segment, indented if they come from the second node. */
function readFollowed(section: string): FollowedStream {
  const lines = section.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line))
  const bytes = (isSecond: boolean): Buffer =>
    Buffer.from(
      lines
        .filter((line) => line.startsWith('\t') === isSecond)
        .join('')
        .replaceAll('\t', ''),
      'hex',
    )
  return [bytes(false), bytes(true)]
}
