/** RLIMIT_NOFILE of this process (getrlimit(2)); Node has already raised it as far as it may. */
export function descriptorLimit(): number | null {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | 'unlimited' } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : null
}
