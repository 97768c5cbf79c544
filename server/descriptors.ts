import { readFileSync } from 'node:fs'

/**
 * The limit of open descriptors (RLIMIT_NOFILE), which Node raises to the hard limit at its start.
 * @returns null if there is no limit or it is unknown
 */
export function descriptorLimit(): number | null {
  return fromProc() ?? fromReport()
}

function fromReport(): number | null {
  // A full report asks DNS for the name of every peer and waits for the answers.
  Object.assign(process.report, { excludeNetwork: true })
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : null
}

/** proc_pid_limits(5): name, soft limit, hard limit, unit. */
function fromProc(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'latin1')
    const soft = /^Max open files +(\d+)/m.exec(limits)?.[1]
    return soft === undefined ? null : Number(soft)
  } catch {
    return null
  }
}
