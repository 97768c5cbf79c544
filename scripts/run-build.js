/**
 * `npm run build`: runs build.ts. Without the packages that build oneport, Node is the user's own, and an old Node must
 * be able to parse this file to say so. So it is JavaScript.
 */
const { node } = process.versions
const NEEDED = 24

if (Number(node.split('.')[0]) < NEEDED) missing()
else
  import('./build.ts').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    missing()
  })

function missing() {
  process.stderr.write(
    'oneport: packages that build oneport are missing. NODE_ENV=production leaves them out; run: npm ci --include=dev\n',
  )
  process.exitCode = 1
}
