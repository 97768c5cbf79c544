/**
 * The limit of open descriptors (RLIMIT_NOFILE), which Node raises to the hard limit at its start.
 * @returns null if there is no limit or it is unknown
 */
export function descriptorLimit(): number | null {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : null
}
