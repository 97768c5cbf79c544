#!/usr/bin/env node
// The program `oneport`. An old Node must be able to parse this file to print the required version. So the file has
// no static import, no export, no top-level await, and no syntax newer than import().

/** The same as `engines` in package.json, as a test checks. */
const NEEDED = 24
const version = process.versions.node

if (Number(version.split('.')[0]) < NEEDED) {
  process.stderr.write('oneport: Node.js ' + NEEDED + ' or newer is required; this is ' + version + '.\n')
  process.exitCode = 1
} else {
  void import('./main.ts')
}
